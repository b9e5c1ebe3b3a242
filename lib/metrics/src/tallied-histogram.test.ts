import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Histogram, Registry } from "prom-client";
import { byLabel, TalliedHistogram } from "./tallied-histogram.ts";

const buckets = [0.1, 1, 10];
const values = [0.05, 0.1, 0.100001, 1, 5, 10, 11, 0];

/** What whoever asks for JSON gets, without exemplars. */
async function exported(histogram: Pick<Histogram, "get">) {
  const { values } = await histogram.get();
  return values.map(({ labels, value, metricName }) => ({ labels, value, metricName }));
}

describe("a tallied histogram", () => {
  test("is exported with the same text as prom-client's, for each of its labels", async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    const configuration = { name: "taken_seconds", help: "Time.", labelNames: ["type"] as const };
    const tallied = new TalliedHistogram<"type">({ ...configuration, buckets, registers: [ours] });
    const usual = new Histogram({ ...configuration, buckets, registers: [theirs] });
    const observe = byLabel((type: string) => tallied.series({ type }));
    for (const [index, value] of values.entries()) {
      const type = index % 2 === 0 ? "a" : "b";
      observe(type, value);
      usual.observe({ type }, value);
    }
    assert.equal(await ours.metrics(), await theirs.metrics());
    assert.deepEqual(await exported(tallied), await exported(usual));
  });

  test("without labels is there before the first value", async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    const configuration = { name: "taken_seconds", help: "Time.", buckets };
    const observe = new TalliedHistogram({ ...configuration, registers: [ours] }).series({});
    const usual = new Histogram({ ...configuration, registers: [theirs] });
    assert.equal(await ours.metrics(), await theirs.metrics());
    for (const value of values) {
      observe(value);
      usual.observe(value);
    }
    assert.equal(await ours.metrics(), await theirs.metrics());
  });
});
