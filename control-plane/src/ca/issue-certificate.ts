import { spiffeId } from "@meshwright/contract/identity";
import type { Authority } from "@meshwright/pki/authority";
import { type CertificateRequest, readCsr } from "@meshwright/pki/csr";
import { issueLeaf, type Leaf } from "@meshwright/pki/issue";
import { pemBlocks } from "@meshwright/pki/pem";
import { PkiError } from "@meshwright/pki/pki-error";
import { authorize, type Caller, type TokenReviewStatus } from "./authorize.ts";
import { readBearerToken } from "./bearer-token.ts";
import { checkCsr } from "./check-csr.ts";
import { grantLifetime } from "./lifetime.ts";
import type { Live } from "./live.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { ReviewToken } from "./token-review.ts";

export interface Issuer {
  readonly authority: Live<Authority>;
  /** Read for every certificate, so that a changed setting holds at once. */
  readonly trustDomain: () => string;
  /** Longest lifetime of a leaf, and its default; in seconds. */
  readonly maxLifetimeSeconds: () => number;
  readonly reviewToken: ReviewToken;
  readonly now: () => Date;
}

/** A request as it came in. */
export interface CertificateCall {
  /** Values of the metadata entry `authorization`. */
  readonly authorization: readonly (string | Uint8Array)[];
  readonly csr: string;
  readonly validityDurationSeconds: bigint;
}

export interface Issued {
  readonly kind: "issued";
  readonly caller: Caller;
  readonly leaf: Leaf;
  /** Istio's form: one certificate per element, the leaf first, and all roots as the last one. */
  readonly chain: readonly string[];
}

/** A refusal, and what only our own log may know of it. */
export interface Refused extends Refusal {
  readonly caller?: Caller;
  readonly error?: unknown;
}

/** A CSR with a P-384 key and a SPIFFE ID is below 1 KiB; what is larger is not parsed at all. */
const maxCsrBytes = 8 * 1024;

/** Decides about one request and, when it may be granted, signs. Never rejects for anything that the asker sent. */
export async function issueCertificate(call: CertificateCall, issuer: Issuer): Promise<Issued | Refused> {
  const bearer = readBearerToken(call.authorization);
  if (bearer.kind === "refused") return bearer;
  const review = await reviewOrRefuse(bearer.token, issuer.reviewToken);
  if ("kind" in review) return review;
  const authorization = authorize(review, issuer.trustDomain());
  if (authorization.kind === "refused") return { ...authorization, error: review.error };
  const { caller } = authorization;
  const outcome = await certify(call, caller, issuer);
  return outcome.kind === "refused" ? { ...outcome, caller } : outcome;
}

async function reviewOrRefuse(token: string, reviewToken: ReviewToken): Promise<TokenReviewStatus | Refused> {
  try {
    return await reviewToken(token);
  } catch (error) {
    return { ...refuse("ReviewUnavailable", "the API server could not review the bearer token: try again"), error };
  }
}

async function certify(call: CertificateCall, caller: Caller, issuer: Issuer): Promise<Issued | Refused> {
  const csr = await readOrRefuse(call.csr);
  if ("kind" in csr) return csr;
  const accepted = checkCsr(csr, spiffeId(caller.identity));
  if (accepted.kind === "refused") return accepted;
  const lifetime = grantLifetime(call.validityDurationSeconds, issuer.maxLifetimeSeconds());
  if (lifetime.kind === "refused") return lifetime;
  const authority = issuer.authority.current();
  try {
    const leaf = await issueLeaf(authority, {
      publicKey: accepted.publicKey,
      names: [{ type: "url", value: spiffeId(caller.identity) }],
      usages: ["client", "server"],
      now: issuer.now(),
      lifetimeMs: lifetime.seconds * 1000,
    });
    return { kind: "issued", caller, leaf, chain: chainOf(leaf, authority) };
  } catch (error) {
    return { ...refuse("IssuerUnusable", "the issuing certificate cannot sign, see the control plane's log"), error };
  }
}

async function readOrRefuse(pem: string): Promise<CertificateRequest | Refused> {
  const bytes = Buffer.byteLength(pem);
  if (bytes > maxCsrBytes) return refuse("MalformedCsr", `the CSR has ${bytes} bytes: send at most ${maxCsrBytes}`);
  try {
    return await readCsr(pem);
  } catch (error) {
    if (error instanceof PkiError) return refuse("MalformedCsr", error.message);
    throw error;
  }
}

function chainOf(leaf: Leaf, authority: Authority): readonly string[] {
  return [...pemBlocks(leaf.chainPem).map((block) => block.text), authority.rootsPem];
}
