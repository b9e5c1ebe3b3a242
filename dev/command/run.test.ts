import assert from "node:assert/strict";
import { test } from "node:test";
import { DevError } from "./dev-error.ts";
import { attempt, run } from "./run.ts";
import { tail } from "./tail.ts";

test("a program's output is returned, and its input reaches it", async () => {
  assert.equal(await run("cat", [], { input: "one\ntwo\n" }), "one\ntwo");
});

test("a program that fails is an error with the end of its output", async () => {
  const failing = run("sh", ["-c", "echo why >&2; exit 3"]);
  await assert.rejects(failing, (error) => error instanceof DevError && /exit code 3\n.*why/s.test(error.message));
});

test("a program that is not installed is a prerequisite", async () => {
  await assert.rejects(attempt("no-such-program", []), { reason: "Prerequisite" });
});

test("a program ended by a signal did not succeed", async () => {
  assert.equal((await attempt("sh", ["-c", "kill -9 $$"])).code, 128);
});

test("the tail of a text is its last lines", () => {
  assert.equal(tail("a\nb\nc\n\n", 2), "b\nc");
});
