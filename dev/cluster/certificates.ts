// The certificate library finds its parts by decorators.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

cryptoProvider.set(webcrypto);

/** A certificate and its key, in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Whom a certificate names. Kubernetes takes the user from `commonName` and the group from `organization`. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
}

/** The cluster's own authority. */
export interface Authority {
  readonly pem: KeyPair;
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** A development cluster is made anew long before. */
const lifetimeMs = 365 * 24 * 60 * 60 * 1000;

export async function createAuthority(now: Date): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=meshwright development cluster",
    ...validity(now),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  return { keys, certificate, pem: { certificate: certificate.toString("pem"), privateKey: await keyPem(keys) } };
}

/** Issues a certificate that serves as client and as server. */
export async function issue(authority: Authority, subject: Subject, now: Date): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [subject.commonName] }, ...(subject.organization ? [{ O: [subject.organization] }] : [])],
    issuer: authority.certificate.subject,
    ...validity(now),
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(alternativeNames(subject)),
    ],
  });
  return { certificate: certificate.toString("pem"), privateKey: await keyPem(keys) };
}

/** Makes the key pair that signs service account tokens. */
export async function tokenKeys(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const keys = await generateKeys();
  const spki = await webcrypto.subtle.exportKey("spki", keys.publicKey);
  return { privateKey: await keyPem(keys), publicKey: PemConverter.encode(spki, "PUBLIC KEY") };
}

function alternativeNames(subject: Subject): JsonGeneralName[] {
  const dns = ["localhost", ...(subject.dns ?? [])].map((value) => ({ type: "dns", value }) as const);
  return [...dns, ...(subject.ip ?? []).map((value) => ({ type: "ip", value }) as const)];
}

function validity(now: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - 60_000), notAfter: new Date(now.getTime() + lifetimeMs) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function keyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
}
