import { createPublicKey } from "node:crypto";
import type { AuthorityFiles } from "./authority.ts";
import { clockSkewMs, randomSerial } from "./issue.ts";
import { generateKey, renderKey, signingAlgorithm, signingKey } from "./key.ts";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PublicKey,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "./x509.ts";

export interface RootRequest {
  readonly now: Date;
  /** Organization of the subject; Istio's root carries the trust domain here. */
  readonly organization: string;
  /** Default ten years. */
  readonly lifetimeMs?: number;
}

const tenYearsMs = 10 * 365 * 24 * 60 * 60_000;

/**
 * Creates a self-signed root with an EC P-256 key.
 *
 * Guarantees: each call makes another key; whoever calls must see to it that it is stored once and never overwritten.
 */
export async function createRoot(request: RootRequest): Promise<AuthorityFiles> {
  const key = generateKey();
  const publicKey = new PublicKey(createPublicKey(key).export({ type: "spki", format: "der" }));
  // The serial number in the name tells two roots of one mesh apart: verifiers find an issuer by its name.
  const serialNumber = randomSerial();
  const name = new Name([{ O: [request.organization] }, { CN: [`Meshwright Root ${serialNumber.slice(0, 8)}`] }]);
  const certificate = await X509CertificateGenerator.create({
    serialNumber,
    subject: name,
    issuer: name,
    notBefore: new Date(request.now.getTime() - clockSkewMs),
    notAfter: new Date(request.now.getTime() + (request.lifetimeMs ?? tenYearsMs)),
    signingAlgorithm: signingAlgorithm(key).signature,
    publicKey,
    signingKey: signingKey(key),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  const certificatePem = `${certificate.toString("pem")}\n`;
  return { certificatePem, keyPem: renderKey(key), rootsPem: certificatePem };
}
