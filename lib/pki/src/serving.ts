import { createPublicKey } from "node:crypto";
import type { Authority } from "./authority.ts";
import { issueLeaf } from "./issue.ts";
import { generateKey, renderKey } from "./key.ts";

/** A certificate with its key, as a TLS server wants them. */
export interface KeyPair {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly notAfter: Date;
}

export interface ServingRequest {
  readonly dnsNames: readonly string[];
  readonly now: Date;
  readonly lifetimeMs: number;
}

/**
 * Issues a certificate for a TLS server, with a new key.
 *
 * Errors: PkiError `UnusableIssuer`.
 */
export async function issueServing(authority: Authority, request: ServingRequest): Promise<KeyPair> {
  const key = generateKey();
  const { chainPem, notAfter } = await issueLeaf(authority, {
    publicKey: createPublicKey(key),
    names: request.dnsNames.map((value) => ({ type: "dns", value })),
    usages: ["server"],
    now: request.now,
    lifetimeMs: request.lifetimeMs,
  });
  return { certificatePem: chainPem, keyPem: renderKey(key), notAfter };
}
