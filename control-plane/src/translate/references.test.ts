import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { caseView } from "./testdata/case-view.ts";
import { readCase } from "./testdata/read-case.ts";
import { renderView } from "./testdata/render-view.ts";

const inputs = globSync(fileURLToPath(new URL("testdata/*/in.yaml", import.meta.url))).toSorted();

/** Names under a key, anywhere in a document. */
function named(document: unknown, key: string): string[] {
  if (Array.isArray(document)) return document.flatMap((item) => named(item, key));
  if (typeof document !== "object" || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) =>
    name === key && typeof value === "string" ? [value] : named(value, key),
  );
}

function resourceNames(document: unknown): string[] {
  return Array.isArray(document) ? document.flatMap((resource) => named({ own: { name: resource.name } }, "name")) : [];
}

// Envoy holds back every listener of the pod until each route table that one of them names has come.
describe("what a resource refers to is there too", () => {
  assert.ok(inputs.length > 0, "no golden case: the check would pass without checking anything");
  for (const input of inputs) {
    test(basename(dirname(input)), () => {
      const files = renderView(caseView(readCase(readFileSync(input, "utf8")), "").current());
      const read = (file: string): unknown => parse(files[file] ?? "");
      const clusters = [...resourceNames(read("clusters.yaml")), "PassthroughCluster", "BlackHoleCluster"];
      const missing = [
        ...named(read("listeners.yaml"), "route_config_name").filter(
          (name) => !resourceNames(read("routes.yaml")).includes(name),
        ),
        ...named(read("routes.yaml"), "cluster").filter((name) => !clusters.includes(name)),
        ...named(read("listeners.yaml"), "cluster").filter((name) => !clusters.includes(name)),
      ];
      assert.deepEqual(missing, []);
      assert.ok(named(read("listeners.yaml"), "cluster").length > 0, "the listeners refer to nothing");
    });
  }
});
