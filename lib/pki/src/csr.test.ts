import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { describe, test } from "node:test";
import { createCsr, readCsr } from "./csr.ts";
import { generateKey } from "./key.ts";
import { pemBlocks, renderPem } from "./pem.ts";
import { PkiError, type PkiErrorReason } from "./pki-error.ts";

const key = generateKey();
const csr = await createCsr(key);
const der = pemBlocks(csr)[0]?.der ?? Buffer.alloc(0);

test("our own request asks for nothing but a certificate for its key", async () => {
  const { publicKey, ...facts } = await readCsr(csr);
  assert.deepEqual(facts, { subject: "", names: [], asksForCa: false, isSelfSigned: true });
  assert.ok(publicKey.equals(createPublicKey(key)));
});

test("a request whose signature was tampered with is not self-signed", async () => {
  const tampered = Buffer.from(der);
  tampered.writeUInt8(tampered.readUInt8(tampered.length - 1) ^ 1, tampered.length - 1);
  assert.equal((await readCsr(renderPem("CERTIFICATE REQUEST", tampered))).isSelfSigned, false);
});

describe("a request is refused", () => {
  const cases: Record<string, { pem: string; reason: PkiErrorReason }> = {
    "when it is empty": { pem: "", reason: "InvalidPem" },
    "when there are two": { pem: csr + csr, reason: "InvalidPem" },
    "when it is a certificate": { pem: renderPem("CERTIFICATE", der), reason: "InvalidPem" },
    "when it is garbage": { pem: renderPem("CERTIFICATE REQUEST", Buffer.from("garbage")), reason: "InvalidEncoding" },
    "when it is cut short": {
      pem: renderPem("CERTIFICATE REQUEST", der.subarray(0, 100)),
      reason: "InvalidEncoding",
    },
  };
  for (const [name, { pem, reason }] of Object.entries(cases)) {
    test(name, async () => {
      await assert.rejects(readCsr(pem), (error) => error instanceof PkiError && error.reason === reason);
    });
  }
});
