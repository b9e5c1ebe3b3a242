import type { KeyObject, X509Certificate } from "node:crypto";
import { readCertificates, requireChainToRoot } from "./authority.ts";
import { PkiError } from "./pki-error.ts";

export interface LeafToVerify {
  /** The leaf first, then its intermediates. */
  readonly chainPem: string;
  readonly rootsPem: string;
  readonly key: KeyObject;
  readonly now: Date;
}

/** What a verified leaf says. */
export interface VerifiedLeaf {
  /** URI names, which hold the SPIFFE ID. */
  readonly uris: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hex in lower case. */
  readonly serialNumber: string;
}

/**
 * Proves that a leaf can be used: it belongs to the private key, is valid now, and leads to a trusted root.
 *
 * Errors: PkiError `KeyMismatch`, `UntrustedChain`, `InvalidPem` or `InvalidEncoding`.
 */
export function verifyLeaf(input: LeafToVerify): VerifiedLeaf {
  const chain = readCertificates(input.chainPem);
  const [leaf] = chain;
  if (!leaf.checkPrivateKey(input.key))
    throw new PkiError("KeyMismatch", "cannot use certificate: it certifies another key than the requested one");
  requireChainToRoot(chain, readCertificates(input.rootsPem));
  for (const link of chain) requireValidAt(link, input.now);
  return {
    uris: uriNames(leaf),
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
    serialNumber: leaf.serialNumber.toLowerCase(),
  };
}

function requireValidAt(certificate: X509Certificate, now: Date): void {
  const { validFromDate, validToDate } = certificate;
  if (now >= validFromDate && now < validToDate) return;
  const validity = `${validFromDate.toISOString()} to ${validToDate.toISOString()}`;
  throw new PkiError(
    "UntrustedChain",
    `cannot use certificate: it is valid from ${validity}, now is ${now.toISOString()}`,
  );
}

/** SPIFFE IDs hold no comma and no quote, so Node's rendering of the names is unambiguous for them. */
function uriNames(certificate: X509Certificate): readonly string[] {
  const names = certificate.subjectAltName?.split(", ") ?? [];
  return names.flatMap((name) => (name.startsWith("URI:") ? [name.slice("URI:".length)] : []));
}
