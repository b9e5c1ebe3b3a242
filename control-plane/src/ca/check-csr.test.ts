import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import type { CertificateRequest } from "@meshwright/pki/csr";
import { generateKey } from "@meshwright/pki/key";
import { checkCsr } from "./check-csr.ts";
import type { RefusalReason } from "./refusal.ts";

const identity = "spiffe://cluster.local/ns/shop/sa/web";
const csr: CertificateRequest = {
  publicKey: createPublicKey(generateKey()),
  subject: "",
  names: [],
  asksForCa: false,
  isSelfSigned: true,
};

describe("a key is accepted when the request", () => {
  const cases: Record<string, Partial<CertificateRequest>> = {
    "asks for nothing": {},
    "names the caller's own identity": { names: [`url:${identity}`] },
    "carries a subject, which is ignored": { subject: "O=cluster.local, CN=admin" },
  };
  for (const [name, change] of Object.entries(cases)) {
    test(name, () => assert.equal(checkCsr({ ...csr, ...change }, identity).kind, "accepted"));
  }
});

describe("a request is refused, with field, value and fix, when it", () => {
  const cases: Record<string, { change: Partial<CertificateRequest>; reason: RefusalReason; words: RegExp }> = {
    "is not signed by its own key": {
      change: { isSelfSigned: false },
      reason: "BadSignature",
      words: /signature .* sign it with that key/,
    },
    "has a weak key": {
      change: { publicKey: generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey },
      reason: "WeakKey",
      words: /public key is RSA of 1024 bits: use EC P-256/,
    },
    "asks to be a CA": {
      change: { asksForCa: true },
      reason: "CaRequested",
      words: /basicConstraints is CA:true: .* leave it out/,
    },
    "asks for another's identity": {
      change: { names: [`url:${identity}`, "url:spiffe://cluster.local/ns/bank/sa/vault"] },
      reason: "ForeignName",
      words:
        /subjectAltName "URI:spiffe:\/\/cluster.local\/ns\/bank\/sa\/vault" .* set it to "URI:spiffe:\/\/cluster.local\/ns\/shop\/sa\/web"/,
    },
    "asks for a host name": {
      change: { names: ["dns:vault.bank.svc"] },
      reason: "ForeignName",
      words: /subjectAltName "DNS:vault.bank.svc"/,
    },
  };
  for (const [name, { change, reason, words }] of Object.entries(cases)) {
    test(name, () => {
      const decision = checkCsr({ ...csr, ...change }, identity);
      assert.ok(decision.kind === "refused");
      assert.equal(decision.reason, reason);
      assert.match(decision.message, words);
    });
  }
});
