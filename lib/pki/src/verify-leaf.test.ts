import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { describe, test } from "node:test";
import { readAuthority } from "./authority.ts";
import { issueLeaf } from "./issue.ts";
import { generateKey } from "./key.ts";
import { PkiError, type PkiErrorReason } from "./pki-error.ts";
import { createRoot } from "./root.ts";
import { type LeafToVerify, verifyLeaf } from "./verify-leaf.ts";

const hourMs = 60 * 60_000;
const now = new Date("2030-01-01T00:00:00Z");
const identity = "spiffe://cluster.local/ns/shop/sa/web";
const root = await createRoot({ now, organization: "cluster.local" });
const other = await createRoot({ now, organization: "cluster.local" });
const key = generateKey();
const issued = await issueLeaf(readAuthority(root), {
  publicKey: createPublicKey(key),
  names: [{ type: "url", value: identity }],
  usages: ["client", "server"],
  now,
  lifetimeMs: hourMs,
});
const leaf: LeafToVerify = { chainPem: issued.chainPem, rootsPem: root.rootsPem, key, now };

test("a good leaf tells its names, end and serial number", () => {
  const verified = verifyLeaf(leaf);
  assert.deepEqual(verified.uris, [identity]);
  assert.deepEqual(verified.notAfter, issued.notAfter);
  assert.equal(verified.serialNumber, issued.serialNumber);
});

test("any root of the bundle will do", () => {
  assert.deepEqual(verifyLeaf({ ...leaf, rootsPem: other.rootsPem + root.rootsPem }).uris, [identity]);
});

describe("a leaf is refused when", () => {
  const cases: Record<string, { change: Partial<LeafToVerify>; reason: PkiErrorReason }> = {
    "it certifies another key": { change: { key: generateKey() }, reason: "KeyMismatch" },
    "another root signed it": { change: { rootsPem: other.rootsPem }, reason: "UntrustedChain" },
    "it has expired": { change: { now: new Date(now.getTime() + hourMs) }, reason: "UntrustedChain" },
    "it is not valid yet": { change: { now: new Date(now.getTime() - hourMs) }, reason: "UntrustedChain" },
    "the answer held no certificate": { change: { chainPem: "" }, reason: "InvalidPem" },
  };
  for (const [name, { change, reason }] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(
        () => verifyLeaf({ ...leaf, ...change }),
        (error) => error instanceof PkiError && error.reason === reason,
      );
    });
  }
});
