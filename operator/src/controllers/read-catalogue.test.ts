import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readCatalogue } from "./read-catalogue.ts";

const entry = (version: string, more = "") => `
  - version: ${version}
    images: {controlPlane: meshd, nodeAgent: agent, proxy: proxy}
    kubernetes: {range: ">=1.29.0", tested: ["1.37"]}
    proxies: {minorsBehind: 1}${more}`;

describe("a version catalogue", () => {
  test("is sorted newest first, releases before what came before them", () => {
    const text = `versions:${entry("v1.0.0")}${entry("v1.2.0-rc.1")}${entry("v1.2.0")}${entry("v1.10.0")}`;
    const read = readCatalogue(text).map(({ version }) => version);
    assert.deepEqual(read, ["v1.10.0", "v1.2.0", "v1.2.0-rc.1", "v1.0.0"]);
  });

  test("tells the end of life and what an upgrade changes", () => {
    const notes = `
    endOfLife: 2030-05-31
    notes:
      - severity: Blocking
        change: the field went
        fix: remove it
        affects: {apiVersion: shop.example/v1, kind: Shop, plural: shops, field: spec.old, value: true}`;
    const [read] = readCatalogue(`versions:${entry("v1.0.0", notes)}`);
    assert.equal(read.endOfLife, "2030-05-31");
    assert.equal(read.notes?.[0]?.affects.value, true);
  });

  const faults: Readonly<Record<string, [string, RegExp]>> = {
    "has no version": ["versions: []", /versions/],
    "has a version twice": [`versions:${entry("v1.0.0")}${entry("v1.0.0")}`, /"v1.0.0" is there twice/],
    "has a version without v": [`versions:${entry("1.0.0")}`, /versions\[0\].version/],
    "has a field that nobody knows": [`versions:${entry("v1.0.0", "\n    eol: 2030-05-31")}`, /eol/],
    "has no day for the end of life": [`versions:${entry("v1.0.0", "\n    endOfLife: soon")}`, /endOfLife/],
  };
  for (const [name, [text, message]] of Object.entries(faults))
    test(`is refused when it ${name}`, () => assert.throws(() => readCatalogue(text), message));
});
