import type { WorkloadIdentity } from "@meshwright/contract/identity";
import { type Access, type Caller, callerOf, namespaceOf } from "./caller.ts";
import { DebugError } from "./debug-error.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Reviewer } from "./reviews.ts";

/** What a request proves of its sender. */
export interface Credentials {
  /** Value of the header `authorization`. */
  readonly authorization: string | undefined;
  /** Workload of the client certificate, if that leads to a root of the mesh. */
  readonly peer: WorkloadIdentity | undefined;
}

export interface Admitted {
  readonly kind: "admitted";
  readonly caller: Caller;
  readonly access: Access;
}

export interface AccessOptions {
  readonly reviewer: Reviewer;
  /** Read for every request, so that a changed setting holds at once. */
  readonly trustDomain: () => string;
}

/** RFC 6750 2.1: the scheme is case-insensitive, the token a b64token. */
const bearerPattern = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Service account tokens have 1 to 2 kB. */
const maxTokenChars = 8 * 1024;

/**
 * Decides who asks, and what it may see of a path: everything, for whoever may `get` it as a non-resource URL; what is of its
 * own namespace, for any other service account. Never rejects.
 */
export async function admit(
  credentials: Credentials,
  path: string,
  options: AccessOptions,
): Promise<Admitted | Refusal> {
  try {
    const caller = await identify(credentials, options);
    return "kind" in caller ? caller : await authorize(caller, path, options.reviewer);
  } catch (error) {
    const isBusy = error instanceof DebugError;
    const reason = isBusy ? "Busy" : "ReviewUnavailable";
    return refuse(reason, "cannot tell who asks: the API server could not be asked, try again", error);
  }
}

async function identify(
  { authorization, peer }: Credentials,
  { reviewer, trustDomain }: AccessOptions,
): Promise<Caller | Refusal> {
  if (authorization !== undefined) return identifyToken(authorization, reviewer);
  if (peer === undefined)
    return unauthenticated('send "authorization: Bearer <token>" or a client certificate of the mesh');
  if (peer.trustDomain !== trustDomain())
    return unauthenticated(
      `the client certificate is of the trust domain "${peer.trustDomain}", not "${trustDomain()}"`,
    );
  return callerOf(peer);
}

async function identifyToken(authorization: string, reviewer: Reviewer): Promise<Caller | Refusal> {
  const [, token] = authorization.length <= maxTokenChars ? (bearerPattern.exec(authorization) ?? []) : [];
  if (token === undefined) return unauthenticated('the header "authorization" is not "Bearer <token>"');
  return (await reviewer.reviewToken(token)) ?? unauthenticated("the API server does not vouch for the bearer token");
}

async function authorize(caller: Caller, path: string, reviewer: Reviewer): Promise<Admitted | Refusal> {
  if (await reviewer.reviewAccess(caller, path)) return { kind: "admitted", caller, access: { kind: "everything" } };
  const namespace = namespaceOf(caller);
  if (namespace === undefined)
    return refuse(
      "Forbidden",
      `user "${caller.username}" may not get "${path}": grant the verb get on that non-resource URL`,
    );
  return { kind: "admitted", caller, access: { kind: "namespace", namespace } };
}

function unauthenticated(detail: string): Refusal {
  return refuse("Unauthenticated", `cannot tell who asks: ${detail}`);
}
