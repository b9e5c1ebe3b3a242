import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readAuthority } from "./authority.ts";
import { createCsr, readCsr } from "./csr.ts";
import { issueLeaf } from "./issue.ts";
import { generateKey } from "./key.ts";
import { createRoot } from "./root.ts";
import { issueServing } from "./serving.ts";

// A second opinion on everything that we write and read: OpenSSL's.

const dir = mkdtempSync(join(tmpdir(), "pki-openssl-"));
after(() => rmSync(dir, { recursive: true }));

const dayMs = 24 * 60 * 60_000;
const identity = "spiffe://cluster.local/ns/shop/sa/web";
const now = new Date();
const files = await createRoot({ now, organization: "cluster.local" });
const authority = readAuthority(files);
const rootPath = write("root.pem", files.certificatePem);

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

function openssl(...args: readonly string[]): string {
  return execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function describeCertificate(path: string): string {
  return openssl("x509", "-in", path, "-noout", "-text");
}

function issueFor(key: KeyObject): ReturnType<typeof issueLeaf> {
  return issueLeaf(authority, {
    publicKey: key,
    names: [{ type: "url", value: identity }],
    usages: ["client", "server"],
    now,
    lifetimeMs: dayMs,
  });
}

test("the root is a self-signed P-256 CA for certificates and revocation lists only", () => {
  assert.match(openssl("verify", "-x509_strict", "-check_ss_sig", "-CAfile", rootPath, rootPath), /: OK/);
  const text = describeCertificate(rootPath);
  assert.match(text, /Subject: O = cluster\.local, CN = Meshwright Root [0-9a-f]{8}/);
  assert.match(text, /ASN1 OID: prime256v1/);
  assert.match(text, /Basic Constraints: critical\s+CA:TRUE/);
  assert.match(text, /Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
  assert.match(text, /Signature Algorithm: ecdsa-with-SHA256/);
});

test("OpenSSL and the root agree on ten years", () => {
  const tenYearsAlmost = 10 * 365 * 24 * 3600 - 60;
  openssl("x509", "-in", rootPath, "-noout", "-checkend", String(tenYearsAlmost));
  assert.throws(() => openssl("x509", "-in", rootPath, "-noout", "-checkend", String(tenYearsAlmost + 120)));
});

describe("a workload's leaf", () => {
  const publicKeys: Record<string, () => KeyObject> = {
    "EC P-256": () => createPublicKey(generateKey()),
    "EC P-384": () => generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey,
    "RSA 2048": () => generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey,
    Ed25519: () => generateKeyPairSync("ed25519").publicKey,
  };
  for (const [kind, makeKey] of Object.entries(publicKeys)) {
    test(`with an ${kind} key verifies for client and server`, async () => {
      const { chainPem } = await issueFor(makeKey());
      const path = write("leaf.pem", chainPem);
      for (const purpose of ["sslclient", "sslserver"])
        assert.match(openssl("verify", "-x509_strict", "-purpose", purpose, "-CAfile", rootPath, path), /: OK/);
    });
  }

  test("names the identity only, and is not a CA", async () => {
    const { chainPem, serialNumber } = await issueFor(createPublicKey(generateKey()));
    const text = describeCertificate(write("leaf.pem", chainPem));
    assert.match(text, /Subject: \n/);
    assert.match(text, new RegExp(`Subject Alternative Name: critical\\s+URI:${identity}\\n`));
    assert.match(text, /Basic Constraints: critical\s+CA:FALSE/);
    assert.match(text, /Key Usage: critical\s+Digital Signature\n/);
    assert.match(text, /Extended Key Usage:\s+TLS Web Client Authentication, TLS Web Server Authentication\n/);
    assert.equal(text.match(/Serial Number:\s+([0-9a-f:]+)/)?.[1]?.replaceAll(":", ""), serialNumber);
    assert.equal(serialNumber.length, 32);
  });

  test("encrypts keys only when it is RSA", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const text = describeCertificate(write("leaf.pem", (await issueFor(publicKey)).chainPem));
    assert.match(text, /Key Usage: critical\s+Digital Signature, Key Encipherment\n/);
  });
});

test("a serving certificate verifies for each of its host names and for no other", async () => {
  const dnsNames = ["meshd-default.mesh-system.svc", "meshd-default.mesh-system.svc.cluster.local"];
  const { certificatePem } = await issueServing(authority, { dnsNames, now, lifetimeMs: dayMs });
  const path = write("serving.pem", certificatePem);
  const verify = (host: string): string => openssl("verify", "-CAfile", rootPath, "-verify_hostname", host, path);
  for (const host of dnsNames) assert.match(verify(host), /: OK/);
  assert.throws(() => verify("meshd-other.mesh-system.svc"));
});

test("OpenSSL verifies our requests", async () => {
  const path = write("request.csr", await createCsr(generateKey()));
  const text = openssl("req", "-in", path, "-noout", "-text", "-verify");
  assert.match(text, /Subject: \n/);
});

describe("a request of OpenSSL", () => {
  const request = (name: string, ...args: readonly string[]): Promise<Awaited<ReturnType<typeof readCsr>>> => {
    const key = join(dir, `${name}.key`);
    return readCsr(openssl("req", "-new", "-nodes", "-keyout", key, "-subj", "/CN=spoof", ...args));
  };
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] as const;

  test("is read with subject, names and signature", async () => {
    const csr = await request(
      "names",
      ...ec,
      "-addext",
      "subjectAltName=URI:spiffe://a/ns/b/sa/c,DNS:web.shop,IP:198.18.0.9",
    );
    assert.equal(csr.subject, "CN=spoof");
    assert.deepEqual(csr.names, ["url:spiffe://a/ns/b/sa/c", "dns:web.shop", "ip:198.18.0.9"]);
    assert.equal(csr.isSelfSigned, true);
    assert.equal(csr.asksForCa, false);
  });

  test("that wants to be a CA is recognised", async () => {
    const csr = await request("ca", ...ec, "-addext", "basicConstraints=critical,CA:TRUE");
    assert.equal(csr.asksForCa, true);
  });

  for (const [kind, args] of Object.entries({ rsa: ["-newkey", "rsa:2048"], ed25519: ["-newkey", "ed25519"] })) {
    test(`with a key of type ${kind} is verified`, async () => {
      const csr = await request(kind, ...args);
      assert.equal(csr.isSelfSigned, true);
      assert.equal(csr.publicKey.asymmetricKeyType, kind);
    });
  }
});
