import { tokenAudience, type WorkloadIdentity } from "@meshwright/contract/identity";
import { type Refusal, refuse } from "./refusal.ts";

/** Status of a TokenReview: what the API server says of a token. */
export interface TokenReviewStatus {
  readonly authenticated?: boolean;
  readonly error?: string;
  readonly audiences?: readonly string[];
  readonly user?: {
    readonly username?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
}

/** Who asks, and in which pod it runs. */
export interface Caller {
  readonly identity: WorkloadIdentity;
  readonly pod: { readonly name: string; readonly uid: string };
}

export type Authorization = { readonly kind: "authorized"; readonly caller: Caller } | Refusal;

/**
 * Decides by the review of a token who the asker is.
 * A pod-bound token is valid only while its pod exists, which the API server checks in the review
 * (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens).
 */
export function authorize(review: TokenReviewStatus, trustDomain: string): Authorization {
  if (review.authenticated !== true || (review.error ?? "") !== "") return rejectedToken();
  // An authenticator that knows no audiences answers without any: such a token proves nothing to us.
  if (!review.audiences?.includes(tokenAudience)) return wrongAudience();
  const account = readUsername(review.user?.username ?? "");
  if (account === undefined || !review.user?.groups?.includes("system:serviceaccounts"))
    return notServiceAccount(review.user?.username ?? "");
  const pod = readPod(review.user.extra ?? {});
  if (pod === undefined) return notPodBound(review.user.username ?? "");
  return { kind: "authorized", caller: { identity: { trustDomain, ...account }, pod } };
}

const usernamePattern = /^system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})$/;

function readUsername(username: string): Pick<WorkloadIdentity, "namespace" | "serviceAccount"> | undefined {
  const [, namespace, serviceAccount] = usernamePattern.exec(username) ?? [];
  return namespace === undefined || serviceAccount === undefined ? undefined : { namespace, serviceAccount };
}

function readPod(extra: Readonly<Record<string, readonly string[]>>): Caller["pod"] | undefined {
  const name = extra["authentication.kubernetes.io/pod-name"]?.[0];
  const uid = extra["authentication.kubernetes.io/pod-uid"]?.[0];
  return name === undefined || uid === undefined ? undefined : { name, uid };
}

/** The API server's own words stay in our log: they may tell a forger what to mend. */
function rejectedToken(): Refusal {
  return refuse(
    "TokenRejected",
    `the bearer token is not valid for the audience "${tokenAudience}": send a current token of a running pod`,
  );
}

function wrongAudience(): Refusal {
  return refuse("WrongAudience", `the bearer token is not for the audience "${tokenAudience}": request one that is`);
}

function notServiceAccount(username: string): Refusal {
  return refuse("NotServiceAccount", `user "${username}" is not a service account: send a token of the pod's own`);
}

function notPodBound(username: string): Refusal {
  return refuse(
    "NotPodBound",
    `the token of "${username}" is not bound to a pod: send one that kubelet made for the pod`,
  );
}
