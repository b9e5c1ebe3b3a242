import assert from "node:assert/strict";
import { test } from "node:test";
import { BufferPool } from "./buffer-pool.ts";

test("memory is used again once it was given back, and not before", () => {
  const pool = new BufferPool(100, 16);
  const first = pool.take();
  assert.equal(first.length, 100);
  const message = first.subarray(5, 20);
  pool.lend(message);
  assert.notEqual(pool.take().buffer, first.buffer);
  pool.giveBack(message);
  pool.giveBack(message);
  assert.equal(pool.take().buffer, first.buffer);
  assert.notEqual(pool.take().buffer, first.buffer);
});

test("memory that was not lent is nobody's to give back", () => {
  const pool = new BufferPool(100, 16);
  const [taken, other] = [pool.take(), Buffer.allocUnsafeSlow(50)];
  pool.lend(other);
  pool.giveBack(other);
  pool.giveBack(taken);
  const next = pool.take();
  assert.ok(next.buffer !== taken.buffer && next.buffer !== other.buffer);
});

test("only so many buffers are kept", () => {
  const pool = new BufferPool(10, 16);
  const taken = Array.from({ length: 100 }, () => pool.take());
  for (const buffer of taken) pool.lend(buffer);
  for (const buffer of taken) pool.giveBack(buffer);
  const memory = new Set(taken.map(({ buffer }) => buffer));
  const again = Array.from({ length: 100 }, () => pool.take()).filter(({ buffer }) => memory.has(buffer));
  assert.equal(again.length, 16);
});
