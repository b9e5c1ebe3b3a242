import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { createAuthority, issue, tokenKeys } from "./certificates.ts";

const now = new Date("2030-01-01T00:00:00Z");

test("an issued certificate verifies, names its user and group, and fits its key", async () => {
  const authority = await createAuthority(now);
  const subject = { commonName: "system:node:node1", organization: "system:nodes", dns: ["node1"], ip: ["198.18.0.2"] };
  const pair = await issue(authority, subject, now);
  const certificate = new X509Certificate(pair.certificate);
  assert.ok(certificate.verify(new X509Certificate(authority.pem.certificate).publicKey));
  assert.equal(certificate.subject, "CN=system:node:node1\nO=system:nodes");
  assert.equal(certificate.subjectAltName, "DNS:localhost, DNS:node1, IP Address:198.18.0.2");
  assert.ok(certificate.checkPrivateKey(createPrivateKey(pair.privateKey)));
  assert.equal(certificate.ca, false);
});

test("the keys for tokens are a pair", async () => {
  const { privateKey, publicKey } = await tokenKeys();
  assert.ok(createPublicKey(privateKey).equals(createPublicKey(publicKey)));
});
