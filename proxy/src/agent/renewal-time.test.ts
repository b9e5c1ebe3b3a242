import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "./backoff.ts";
import { renewalTime } from "./renewal-time.ts";

const hourMs = 60 * 60_000;
const start = new Date("2030-01-01T00:00:00Z");
const validity = { notBefore: start, notAfter: new Date(start.getTime() + 10 * hourMs) };

test("a certificate is renewed at half of its life, give or take a tenth", () => {
  for (const [random, hours] of [
    [0, 4],
    [0.5, 5],
    [0.999_999, 6],
  ] as const)
    assert.equal(Math.round((renewalTime(validity, random).getTime() - start.getTime()) / hourMs), hours);
});

test("delays double up to the last one, and spread over their upper half", () => {
  const backoff = { firstMs: 100, lastMs: 500 };
  const delays = [0, 1, 2, 3, 100].map((attempt) => [backoffMs(backoff, attempt, 0), backoffMs(backoff, attempt, 1)]);
  assert.deepEqual(delays, [
    [50, 100],
    [100, 200],
    [200, 400],
    [250, 500],
    [250, 500],
  ]);
});
