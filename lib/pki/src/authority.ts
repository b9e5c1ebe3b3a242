import { type KeyObject, X509Certificate } from "node:crypto";
import { readKey } from "./key.ts";
import { certificateBlocks } from "./pem.ts";
import { PkiError } from "./pki-error.ts";

/** What an issuer signs with, and what its certificates are verified against. */
export interface Authority {
  /** The certificate whose key signs. */
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  /** Certificates between a leaf and the root, nearest first; empty when the root itself signs. */
  readonly intermediatesPem: string;
  /** The roots that peers are to trust: the trust bundle. */
  readonly rootsPem: string;
}

/** PEM texts of an authority, as they stand in its Secret. */
export interface AuthorityFiles {
  /** The signing certificate, then any certificates between it and a root. */
  readonly certificatePem: string;
  readonly keyPem: string;
  /** One or more roots. */
  readonly rootsPem: string;
}

/**
 * Reads an authority and proves it: the key belongs to the certificate, the certificate may sign certificates, and its
 * chain leads to one of the roots. Validity in time is checked when signing.
 *
 * Errors: PkiError `InvalidPem`, `InvalidEncoding`, `KeyMismatch`, `UnusableIssuer` or `UntrustedChain`.
 */
export function readAuthority(files: AuthorityFiles): Authority {
  const chain = readCertificates(files.certificatePem);
  const roots = readCertificates(files.rootsPem);
  const [certificate] = chain;
  const key = readKey(files.keyPem);
  if (!certificate.checkPrivateKey(key))
    throw new PkiError("KeyMismatch", `cannot use issuer "${certificate.subject}": its private key is another's`);
  if (!certificate.ca)
    throw new PkiError("UnusableIssuer", `cannot use issuer "${certificate.subject}": it is not a CA certificate`);
  requireChainToRoot(chain, roots);
  const intermediates = chain.filter((link) => !roots.some((root) => root.raw.equals(link.raw)));
  return { certificate, key, intermediatesPem: renderCertificates(intermediates), rootsPem: renderCertificates(roots) };
}

/**
 * Reads certificates from PEM, in order.
 *
 * Errors: PkiError `InvalidPem` or `InvalidEncoding`.
 */
export function readCertificates(pem: string): readonly [X509Certificate, ...X509Certificate[]] {
  const [first, ...rest] = certificateBlocks(pem).map((block) => readCertificate(block.der));
  if (first === undefined) throw new PkiError("InvalidPem", "cannot read certificates: found no CERTIFICATE block");
  return [first, ...rest];
}

/** Renders certificates as PEM, each ending in a newline. */
export function renderCertificates(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join("");
}

/**
 * Proves that every link is signed by the next, and the last by a root (or is one).
 *
 * Errors: PkiError `UntrustedChain`, naming the certificate whose issuer is missing.
 */
export function requireChainToRoot(chain: readonly X509Certificate[], roots: readonly X509Certificate[]): void {
  const open = chain.find((link, index) => {
    const next = chain[index + 1];
    return !(next !== undefined && isIssuedBy(link, next)) && !roots.some((root) => isTrustedBy(link, root));
  });
  if (open === undefined) return;
  const detail = `found no certificate of its issuer "${open.issuer}" in the chain or among the trusted roots`;
  throw new PkiError("UntrustedChain", `cannot trust certificate "${open.subject}": ${oneLine(detail)}`);
}

function isTrustedBy(link: X509Certificate, root: X509Certificate): boolean {
  return root.raw.equals(link.raw) || isIssuedBy(link, root);
}

function isIssuedBy(link: X509Certificate, issuer: X509Certificate): boolean {
  return link.checkIssued(issuer) && link.verify(issuer.publicKey);
}

function readCertificate(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new PkiError("InvalidEncoding", "cannot read certificate: it is not X.509", { cause });
  }
}

/** Node renders a distinguished name with one attribute per line. */
function oneLine(text: string): string {
  return text.replaceAll("\n", ", ");
}
