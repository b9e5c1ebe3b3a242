import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { report, summarize } from "./report.ts";
import type { Figures } from "./sidecar/figures.ts";

const size = { services: 500, endpointsPerService: 4, namespaces: 10 };

function figures(pssBytes: number): Figures {
  return {
    pssBytes,
    anonymousBytes: pssBytes / 2,
    idleCpuMs: 40,
    readyMs: 900,
    receivedBytes: 2_000_000,
    listeners: 7,
    clusters: 1_234,
    routeTables: 2,
    virtualHosts: 502,
    endpoints: 3_000,
    stats: 400,
  };
}

const measured = {
  size,
  onTheWay: { leftOut: { "istio.alpn": 3, "istio.stats": 4 }, relayMs: 41.23 },
  pairs: [
    { meshwright: figures(60e6), istio: figures(120e6) },
    { meshwright: figures(50e6), istio: figures(50e6) },
    { meshwright: figures(90e6), istio: figures(100e6) },
  ],
};

describe("the summary", () => {
  test("takes the ratio within each run, and only then the median", () => {
    const { pssBytes } = summarize(measured).figures;
    assert.deepEqual(pssBytes, { meshwright: 60e6, istio: 100e6, ratio: 0.9 });
  });
});

describe("the report", () => {
  test("is a table with what was left out below it", () => {
    const lines = report(summarize(measured)).split("\n");
    assert.ok(lines.includes("| memory (PSS), MB | 60 | 100 | 0.9 |"), lines.join("\n"));
    assert.ok(lines.includes("| clusters | 1,230 | 1,230 | 1 |"), lines.join("\n"));
    assert.ok(lines.includes("left out of Istio's: istio.alpn x 3, istio.stats x 4"), lines.join("\n"));
    assert.ok(lines.includes("which took 41.2 ms of its time to ready"), lines.join("\n"));
  });
});
