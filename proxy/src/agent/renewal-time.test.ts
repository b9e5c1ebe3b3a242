import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "./backoff.ts";
import { isShortLived, renewalTime } from "./renewal-time.ts";

const hourMs = 60 * 60_000;
const issued = new Date("2030-01-01T00:00:00Z");
const later = (ms: number): Date => new Date(issued.getTime() + ms);
/** As it is issued: valid a little earlier, for clocks that are behind. */
const validity = (lifeMs: number) => ({ notBefore: later(-2 * 60_000), notAfter: later(lifeMs) });

test("a certificate is renewed at half of its life, give or take a tenth", () => {
  for (const [random, hours] of [
    [0, 4],
    [0.5, 5],
    [0.999_999, 6],
  ] as const)
    assert.equal(
      Math.round((renewalTime(validity(10 * hourMs), issued, random).getTime() - issued.getTime()) / hourMs),
      hours,
    );
});

test("the life of a short certificate begins with its issue too", () => {
  assert.deepEqual(renewalTime(validity(120_000), issued, 0.5), later(60_000));
});

test("an agent that finds a certificate renews it when the one before it would have", () => {
  assert.deepEqual(renewalTime(validity(120_000), later(40_000), 0.5), later(60_000));
});

test("a certificate that might not outlive two waits for a token is renewed with every token", () => {
  assert.equal(isShortLived(validity(120_000), issued), true);
  assert.equal(isShortLived(validity(hourMs), issued), false);
  assert.equal(isShortLived(validity(hourMs), later(hourMs - 170_000)), true);
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
