import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, test } from "node:test";
import { keyProblem } from "./key-policy.ts";

const ec = (namedCurve: string): KeyObject => generateKeyPairSync("ec", { namedCurve }).publicKey;
const rsa = (modulusLength: number, publicExponent = 65537): KeyObject =>
  generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey;

describe("a public key is certified when it is", () => {
  const allowed: Record<string, KeyObject> = {
    "EC P-256": ec("P-256"),
    "EC P-384": ec("P-384"),
    "RSA 2048": rsa(2048),
    Ed25519: generateKeyPairSync("ed25519").publicKey,
  };
  for (const [name, key] of Object.entries(allowed)) test(name, () => assert.equal(keyProblem(key), undefined));
});

describe("a public key is refused, with its kind and the fix, when it is", () => {
  const refused: Record<string, { key: KeyObject; words: RegExp }> = {
    "EC P-224": { key: ec("secp224r1"), words: /curve "secp224r1": use EC P-256/ },
    "RSA 1024": { key: rsa(1024), words: /RSA of 1024 bits: use EC P-256/ },
    "RSA with exponent 3": { key: rsa(2048, 3), words: /exponent 3: use EC P-256/ },
    Ed448: { key: generateKeyPairSync("ed448").publicKey, words: /type "ed448": use EC P-256/ },
  };
  for (const [name, { key, words }] of Object.entries(refused)) {
    test(name, () => assert.match(keyProblem(key) ?? "", words));
  }
});
