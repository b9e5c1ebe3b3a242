import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AuthorityFiles, readAuthority } from "./authority.ts";
import { generateKey, renderKey } from "./key.ts";
import { PkiError, type PkiErrorReason } from "./pki-error.ts";
import { createRoot } from "./root.ts";
import { issueServing } from "./serving.ts";

const now = new Date("2030-01-01T00:00:00Z");
const files = await createRoot({ now, organization: "cluster.local" });
const other = await createRoot({ now, organization: "cluster.local" });
const leaf = await issueServing(readAuthority(files), { dnsNames: ["web.shop"], now, lifetimeMs: 60_000 });

test("a self-signed root issues without intermediates", () => {
  const authority = readAuthority(files);
  assert.equal(authority.intermediatesPem, "");
  assert.equal(authority.rootsPem, files.rootsPem);
});

test("a bundle with an old and a new root, and blank lines, is whole", () => {
  const authority = readAuthority({ ...files, rootsPem: `${files.rootsPem}\n\n${other.rootsPem}\n` });
  assert.equal(authority.rootsPem, files.rootsPem + other.rootsPem);
});

describe("an authority is refused when", () => {
  const cases: Record<string, { files: Partial<AuthorityFiles>; reason: PkiErrorReason }> = {
    "the key is another's": { files: { keyPem: other.keyPem }, reason: "KeyMismatch" },
    "the certificate may not sign": {
      files: { certificatePem: leaf.certificatePem, keyPem: leaf.keyPem },
      reason: "UnusableIssuer",
    },
    "the bundle lacks its root": { files: { rootsPem: other.rootsPem }, reason: "UntrustedChain" },
    "the certificate is not PEM": { files: { certificatePem: "" }, reason: "InvalidPem" },
    "the key is not a key": { files: { keyPem: files.certificatePem }, reason: "InvalidEncoding" },
    "the certificate file holds a key": {
      files: { certificatePem: files.certificatePem + renderKey(generateKey()) },
      reason: "InvalidPem",
    },
  };
  for (const [name, { files: wrong, reason }] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(
        () => readAuthority({ ...files, ...wrong }),
        (error) => error instanceof PkiError && error.reason === reason,
      );
    });
  }
});
