import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { type IdentityFiles, readIdentity, writeIdentity } from "./identity-files.ts";

const first: IdentityFiles = { certificatePem: "certificate 1", keyPem: "key 1", rootsPem: "roots 1" };
const second: IdentityFiles = { certificatePem: "certificate 2", keyPem: "key 2", rootsPem: "roots 2" };

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "identity-"))));
afterEach(() => rmSync(dir, { recursive: true }));

test("an identity survives a round trip", async () => {
  await writeIdentity(dir, first);
  assert.deepEqual(await readIdentity(dir), first);
});

test("another identity replaces the first as a whole, and nothing of the first is left", async () => {
  await writeIdentity(dir, first);
  await writeIdentity(dir, second);
  assert.deepEqual(await readIdentity(dir), second);
  assert.equal(readFileSync(join(dir, "tls.key"), "utf8"), "key 2");
  assert.deepEqual(
    readdirSync(dir).toSorted(),
    ["..data", "ca.crt", "tls.crt", "tls.key", readlinkSync(join(dir, "..data"))].toSorted(),
  );
});

test("the same identity again changes nothing", async () => {
  await writeIdentity(dir, first);
  const before = readdirSync(dir);
  await writeIdentity(dir, first);
  assert.deepEqual(readdirSync(dir), before);
});

test("only the proxy's user reads the key; everybody reads the certificates", async () => {
  await writeIdentity(dir, first);
  const { mode, uid } = statSync(join(dir, "tls.key"));
  assert.equal(mode & 0o777, 0o400);
  assert.equal(uid, 1337);
  for (const name of ["tls.crt", "ca.crt"]) assert.equal(statSync(join(dir, name)).mode & 0o777, 0o444);
});

test("what a crash left over does not disturb the next write", async () => {
  await writeIdentity(dir, first);
  symlinkSync("..nowhere", join(dir, "..data_tmp"));
  writeFileSync(join(dir, "..half"), "");
  await writeIdentity(dir, second);
  assert.deepEqual(await readIdentity(dir), second);
  assert.equal(readdirSync(dir).length, 5);
});

test("an identity that lacks a file is none", async () => {
  assert.equal(await readIdentity(dir), undefined);
  await writeIdentity(dir, first);
  rmSync(join(dir, "..data", "tls.key"));
  assert.equal(await readIdentity(dir), undefined);
});
