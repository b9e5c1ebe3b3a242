import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { describe, test } from "node:test";
import { readAuthority, readCertificates } from "./authority.ts";
import { issueLeaf, type LeafRequest, randomSerial } from "./issue.ts";
import { generateKey } from "./key.ts";
import { PkiError } from "./pki-error.ts";
import { createRoot } from "./root.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const created = new Date("2030-01-01T00:00:00Z");
const at = (ms: number): Date => new Date(created.getTime() + ms);
const authority = readAuthority(
  await createRoot({ now: created, organization: "cluster.local", lifetimeMs: 10 * hourMs }),
);
const request: LeafRequest = {
  publicKey: createPublicKey(generateKey()),
  names: [{ type: "url", value: "spiffe://cluster.local/ns/shop/sa/web" }],
  usages: ["client", "server"],
  now: created,
  lifetimeMs: hourMs,
};

test("a leaf begins two minutes ago, for peers whose clock is behind", async () => {
  const [leaf] = readCertificates((await issueLeaf(authority, request)).chainPem);
  assert.deepEqual(leaf.validFromDate, at(-2 * minuteMs));
  assert.deepEqual(leaf.validToDate, at(hourMs));
});

test("a leaf ends no later than its issuer", async () => {
  const { notAfter } = await issueLeaf(authority, { ...request, now: at(9.5 * hourMs) });
  assert.deepEqual(notAfter, at(10 * hourMs));
});

describe("an issuer does not sign", () => {
  const moments: Record<string, Date> = {
    "once it has expired": at(10 * hourMs),
    "before it is valid": at(-3 * minuteMs),
  };
  for (const [name, now] of Object.entries(moments)) {
    test(name, async () => {
      await assert.rejects(
        issueLeaf(authority, { ...request, now }),
        (error) => error instanceof PkiError && error.reason === "UnusableIssuer",
      );
    });
  }
});

test("serial numbers are positive, of sixteen octets, and differ", () => {
  const serials = Array.from({ length: 100 }, randomSerial);
  for (const serial of serials) assert.match(serial, /^[4-7][0-9a-f]{31}$/);
  assert.equal(new Set(serials).size, serials.length);
});
