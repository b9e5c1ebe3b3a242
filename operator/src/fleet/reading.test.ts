import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FleetProxy } from "@meshwright/contract/fleet";
import { type Reading, Tally } from "./reading.ts";
import { proxy, replica, web } from "./testdata/lines.ts";

function tally(...proxies: readonly FleetProxy[]): Reading | undefined {
  const sum = new Tally();
  sum.add(replica);
  for (const line of proxies) sum.add(line);
  sum.add({ kind: "end", proxies: proxies.length });
  return sum.reading();
}

/** What one proxy counts as. */
function countsAs(line: FleetProxy): string {
  const { settledByVersion = new Map(), stale = 0, rejecting = 0 } = tally(line) ?? {};
  const settled = settledByVersion.get(line.version) ?? 0;
  return Object.entries({ settled, stale, rejecting })
    .flatMap(([name, count]) => (count > 0 ? [name] : []))
    .join(" ");
}

const rejected = [{ resource: "outbound|80||web", version: "v", message: "no", objects: [web] }];

describe("a proxy", () => {
  const cases: Record<string, { line: FleetProxy; want: string }> = {
    "is settled when it has acknowledged everything": { line: proxy(), want: "settled" },
    "is settled while an answer is on its way": {
      line: proxy({ sent: "4", waitingMs: 4_999 }),
      want: "settled",
    },
    "is neither settled nor stale while an answer takes its time": {
      line: proxy({ sent: "4", waitingMs: 30_000 }),
      want: "",
    },
    "is stale when it has not answered for more than half a minute": {
      line: proxy({ sent: "4", waitingMs: 30_001 }),
      want: "stale",
    },
    "is not settled before it has acknowledged anything": {
      line: proxy({ sent: "1", acknowledged: "", waitingMs: 5 }),
      want: "",
    },
    "is not settled while it waits for its first response": {
      line: proxy({ sent: "", acknowledged: "", isSettled: false }),
      want: "",
    },
    "is not settled before it was sent anything": { line: { ...proxy(), types: {} }, want: "" },
    "is rejecting as long as it rejects anything": { line: proxy({ rejected }), want: "rejecting" },
    "may be rejecting and stale": { line: proxy({ rejected, sent: "9", waitingMs: 60_000 }), want: "stale rejecting" },
  };
  for (const [name, { line, want }] of Object.entries(cases)) test(name, () => assert.equal(countsAs(line), want));
});

describe("a reading", () => {
  test("has the same rejection of many proxies once, in the first of their words", () => {
    const words = (message: string) => proxy({ rejected: [{ resource: "r", version: "v", message, objects: [web] }] });
    const { rejections, rejecting } = tally(words("b"), words("a"), words("c")) ?? {};
    assert.equal(rejecting, 3);
    assert.deepEqual(rejections, [{ resource: "r", message: "a", objects: [web] }]);
  });

  test("is none without an end", () => {
    const sum = new Tally();
    sum.add(replica);
    sum.add(proxy());
    assert.equal(sum.reading(), undefined);
  });

  test("is none when proxies are missing", () => {
    const sum = new Tally();
    sum.add(replica);
    sum.add({ kind: "end", proxies: 1 });
    assert.equal(sum.reading(), undefined);
  });

  test("stays bounded when everything is rejected", () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      proxy({ rejected: [{ resource: `r${index}`, version: "v", message: "no", objects: [] }] }),
    );
    const { rejections = [], rejecting } = tally(...many) ?? {};
    assert.deepEqual([rejections.length, rejecting], [200, 300]);
  });
});
