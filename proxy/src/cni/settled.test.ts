import assert from "node:assert/strict";
import { test } from "node:test";
import { CniError } from "./cni-error.ts";
import { Settled } from "./settled.ts";

test("what has been in place needs no time", async () => {
  const startMs = performance.now();
  await new Settled(async () => undefined).settle();
  assert.ok(performance.now() - startMs < 500);
});

test("what was just changed is waited for by everybody, and looked at again", async () => {
  const changes = ["10-lan.conflist", undefined, "10-lan.conflist"];
  const conflist = new Settled(async () => changes.shift(), 100);
  await conflist.bring();
  const startMs = performance.now();
  await Promise.all([conflist.settle(), conflist.settle()]);
  assert.deepEqual(changes, []);
  assert.ok(performance.now() - startMs >= 190, "the second change is waited for too");
});

test("the work is done once at a time", async () => {
  let running = 0;
  const conflist = new Settled(async () => {
    assert.equal(++running, 1);
    await Promise.resolve();
    running--;
    return undefined;
  });
  await Promise.all([conflist.bring(), conflist.settle(), conflist.bring()]);
});

test("a fight over it ends in an error", async () => {
  const conflist = new Settled(async () => "10-lan.conflist", 1);
  await assert.rejects(conflist.settle(), (error) => error instanceof CniError && error.reason === "ConflistUnusable");
});

test("an error of the work is told", async () => {
  const conflist = new Settled(async () => Promise.reject(new Error("read-only file system")));
  await assert.rejects(conflist.settle(), /read-only/);
});
