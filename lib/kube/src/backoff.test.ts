import assert from "node:assert/strict";
import { test } from "node:test";
import { createBackoff } from "./backoff.ts";

test("waits grow up to three times the last one, and stop growing at the maximum", () => {
  const backoff = createBackoff({ minMs: 50, maxMs: 1_000, random: () => 1 });
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next(), backoff.next()], [150, 450, 1_000, 1_000]);
});

test("the luckiest draw still waits the minimum", () => {
  const backoff = createBackoff({ minMs: 50, maxMs: 1_000, random: () => 0 });
  assert.deepEqual([backoff.next(), backoff.next()], [50, 50]);
});

test("progress starts the waits over", () => {
  const backoff = createBackoff({ minMs: 50, maxMs: 1_000, random: () => 1 });
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 150);
});
