import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cached } from "./cache.ts";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "meshwright-cache-"));
  process.env["MESHWRIGHT_CACHE"] = root;
});
after(() => rm(root, { recursive: true }));

const fillWith = (content: string) => (dir: string) => writeFile(join(dir, "file"), content);

test("a folder is filled once", async () => {
  const dir = await cached("once", fillWith("first"));
  await cached("once", fillWith("second"));
  assert.equal(await readFile(join(dir, "file"), "utf8"), "first");
});

test("two at the same time leave one whole folder", async () => {
  const [a, b] = await Promise.all([cached("race", fillWith("same")), cached("race", fillWith("same"))]);
  assert.equal(a, b);
  assert.deepEqual(await readdir(a), ["file"]);
});

test("a failed filling leaves nothing", async () => {
  await assert.rejects(
    cached("failed", () => Promise.reject(new Error("no network"))),
    /no network/,
  );
  assert.deepEqual(
    (await readdir(root)).filter((name) => name.includes("failed")),
    [],
  );
});
