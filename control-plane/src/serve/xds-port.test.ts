import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { status } from "@grpc/grpc-js";
import { createRegistry } from "@meshwright/metrics/registry";
import { defaultConnectionLimits, defaultPushLimits, defaultStreamLimits } from "./limits.ts";
import { refusalStatus } from "./refusal.ts";
import { registerServeMetrics } from "./serve-metrics.ts";

const page = readFileSync(new URL("../../../docs/reference/xds-port.md", import.meta.url), "utf8");

/** First and second column of the tables below a heading. */
function rows(heading: string): Record<string, string> {
  const section = page.slice(page.indexOf(`\n## ${heading}\n`)).split("\n## ")[1] ?? "";
  return Object.fromEntries(
    [...section.matchAll(/^\| `([^`{]+)(?:\{\w+\})?` \| ([^|]+) \|/gm)].map(([, first = "", second = ""]) => [
      first,
      second,
    ]),
  );
}

describe("the page about the xDS port", () => {
  test("tells every limit and its default", () => {
    const { requests, ...stream } = defaultStreamLimits;
    const ofRequests = { "requests.perSecond": requests.perSecond, "requests.burst": requests.burst };
    const all = { ...stream, ...ofRequests, ...defaultPushLimits, ...defaultConnectionLimits };
    const want = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
    assert.deepEqual(rows("Limits"), want);
  });

  test("tells every reason of a refusal, and the status where one can be sent", () => {
    const told = rows("Refusals");
    assert.deepEqual(Object.keys(told).toSorted(), Object.keys(refusalStatus).toSorted());
    for (const [reason, code] of Object.entries(refusalStatus))
      assert.ok([status[code], "-"].includes(told[reason] ?? ""), `${reason} is told to be ${told[reason]}`);
  });

  test("tells every metric", async () => {
    const before = new Set(
      createRegistry()
        .getMetricsAsArray()
        .map(({ name }) => name),
    );
    const registry = createRegistry();
    registerServeMetrics(registry);
    const own = registry.getMetricsAsArray().flatMap(({ name }) => (before.has(name) ? [] : [name]));
    assert.deepEqual(Object.keys(rows("Metrics")).toSorted(), own.toSorted());
  });
});
