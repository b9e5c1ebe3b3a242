import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fingerprint } from "./fingerprint.ts";

test("a fingerprint changes with the Dockerfile, an argument or a file, and with nothing else", async (t) => {
  const context = await mkdtemp(join(tmpdir(), "meshwright-fingerprint-"));
  t.after(() => rm(context, { recursive: true }));
  const dockerfile = join(context, "Dockerfile");
  await writeFile(dockerfile, "FROM scratch\n");
  await writeFile(join(context, "main.mjs"), "one");
  const source = { name: "x:1", dockerfile, context, args: { VERSION: "v1", BASE: "b" } };
  const first = fingerprint(source);
  assert.equal(fingerprint({ ...source, args: { BASE: "b", VERSION: "v1" } }), first);
  assert.notEqual(fingerprint({ ...source, args: { BASE: "b", VERSION: "v2" } }), first);
  await writeFile(join(context, "main.mjs"), "two");
  assert.notEqual(fingerprint(source), first);
});
