import { type KeyObject, randomBytes } from "node:crypto";
import type { Authority } from "./authority.ts";
import { signingAlgorithm, signingKey } from "./key.ts";
import { PkiError } from "./pki-error.ts";
import {
  Asn1Certificate,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "./x509.ts";

/** A name that a certificate vouches for. */
export interface SubjectName {
  readonly type: "url" | "dns";
  readonly value: string;
}

export interface LeafRequest {
  readonly publicKey: KeyObject;
  readonly names: readonly SubjectName[];
  readonly usages: readonly ("client" | "server")[];
  readonly now: Date;
  readonly lifetimeMs: number;
  /** Hex; default a new random one. */
  readonly serialNumber?: string;
}

/** An issued certificate. */
export interface Leaf {
  /** The leaf first, then the issuer's intermediates; the root is left out, as RFC 8446 4.4.2 allows. */
  readonly chainPem: string;
  readonly notAfter: Date;
  /** Hex in lower case. */
  readonly serialNumber: string;
}

/** How far `notBefore` lies before now, so that a peer whose clock is behind accepts a new certificate. */
export const clockSkewMs = 2 * 60_000;

/** Draws a serial number of 127 random bits: positive, and of 16 octets (RFC 5280 4.1.2.2 allows 20). */
export function randomSerial(): string {
  const bytes = randomBytes(16);
  // A leading 0 bit keeps the number positive, a leading 1 after it keeps its length.
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}

/**
 * Signs a leaf certificate: no subject, so the names are critical (RFC 5280 4.2.1.6); not a CA; for signatures only.
 * It ends when the issuer ends, if that is earlier.
 *
 * Errors: PkiError `UnusableIssuer` when the issuer has expired or is not valid yet.
 */
export async function issueLeaf(authority: Authority, request: LeafRequest): Promise<Leaf> {
  const notAfter = leafEnd(authority, request);
  const serialNumber = request.serialNumber ?? randomSerial();
  const issuer = new Asn1Certificate(authority.certificate.raw);
  const certificate = await X509CertificateGenerator.create({
    serialNumber,
    issuer: issuer.subjectName,
    notBefore: new Date(request.now.getTime() - clockSkewMs),
    notAfter,
    signingAlgorithm: signingAlgorithm(authority.key).signature,
    publicKey: asn1PublicKey(request.publicKey),
    signingKey: signingKey(authority.key),
    extensions: await leafExtensions(request, issuer),
  });
  return { chainPem: `${certificate.toString("pem")}\n${authority.intermediatesPem}`, notAfter, serialNumber };
}

function leafEnd(authority: Authority, request: LeafRequest): Date {
  const now = request.now.getTime();
  const from = authority.certificate.validFromDate.getTime();
  const to = authority.certificate.validToDate.getTime();
  if (now >= to) throw unusable(`it expired at ${authority.certificate.validToDate.toISOString()}: renew it`);
  if (now < from)
    throw unusable(`it is valid from ${authority.certificate.validFromDate.toISOString()} on: set the clock`);
  return new Date(Math.min(now + request.lifetimeMs, to));
}

function unusable(detail: string): PkiError {
  return new PkiError("UnusableIssuer", `cannot sign with the issuing certificate: ${detail}`);
}

async function leafExtensions(request: LeafRequest, issuer: Asn1Certificate): Promise<Extension[]> {
  const rsa = request.publicKey.asymmetricKeyType === "rsa";
  const usages = { client: ExtendedKeyUsage.clientAuth, server: ExtendedKeyUsage.serverAuth };
  return [
    new BasicConstraintsExtension(false, undefined, true),
    // TLS 1.2 with RSA key exchange encrypts to the key; nothing else does.
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | (rsa ? KeyUsageFlags.keyEncipherment : 0), true),
    new ExtendedKeyUsageExtension(request.usages.map((usage) => usages[usage])),
    new SubjectAlternativeNameExtension(
      request.names.map(({ type, value }) => ({ type, value })),
      true,
    ),
    await SubjectKeyIdentifierExtension.create(asn1PublicKey(request.publicKey)),
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ];
}

function asn1PublicKey(key: KeyObject): PublicKey {
  return new PublicKey(key.export({ type: "spki", format: "der" }));
}
