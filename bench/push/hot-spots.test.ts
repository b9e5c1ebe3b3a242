import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hotSpots } from "./hot-spots.ts";

const bundle = ["// lib/kube/src/a.ts", "function a() {}", "", "// node_modules/x/b.js", "function b() {}"].join("\n");

const frame = (functionName: string, lineNumber: number, url = "file:///main.mjs") => ({
  functionName,
  url,
  lineNumber,
});

const profile = {
  nodes: [
    { id: 1, callFrame: frame("a", 1) },
    { id: 2, callFrame: frame("b", 4) },
    { id: 3, callFrame: frame("(idle)", -1, "") },
    { id: 4, callFrame: frame("(garbage collector)", -1, "") },
    { id: 5, callFrame: frame("", 4) },
  ],
  samples: [1, 2, 3, 4, 2, 5],
  timeDeltas: [1_000, 2_000, 50_000, 1_500, 1_000, 500],
};

describe("where a process spent its time", () => {
  test("is told by the source file of the bundled code, most first, without the time in which it waited", () => {
    assert.deepEqual(hotSpots(profile, bundle).files, [
      { name: "node_modules/x/b.js", ms: 3.5 },
      { name: "(engine)", ms: 1.5 },
      { name: "lib/kube/src/a.ts", ms: 1 },
    ]);
  });

  test("is told by the function, also by one without a name", () => {
    assert.deepEqual(
      hotSpots(profile, bundle).functions.map(({ name }) => name),
      [
        "b node_modules/x/b.js",
        "(garbage collector) (engine)",
        "a lib/kube/src/a.ts",
        "(anonymous) node_modules/x/b.js",
      ],
    );
  });
});
