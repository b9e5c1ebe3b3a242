import { debugAudience } from "@meshwright/contract/fleet";
import type { KubeClient } from "@meshwright/kube/client";
import { subjectAccessReviews, tokenReviews, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import type { Caller } from "./caller.ts";
import type { Reviewer } from "./reviews.ts";

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string; readonly audiences?: readonly string[] };
  readonly status?: {
    readonly authenticated?: boolean;
    readonly audiences?: readonly string[];
    readonly user?: Partial<Caller>;
  };
}

interface SubjectAccessReview extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
}

/** Whoever waits for an answer of ours waits for this one too. */
const timeoutMs = 5_000;

/** Asks the API server. Errors: the methods reject with KubeError. */
export function kubeReviewer(client: KubeClient): Reviewer {
  return {
    reviewToken: async (token) =>
      // A token of our own audience is good for nothing else, so it is what to use; those that Kubernetes mounts work too.
      (await reviewToken(client, token, [debugAudience])) ?? (await reviewToken(client, token, undefined)),
    reviewAccess: (caller, path) => reviewAccess(client, caller, path),
  };
}

async function reviewToken(
  client: KubeClient,
  token: string,
  audiences: readonly string[] | undefined,
): Promise<Caller | undefined> {
  const review = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    metadata: {},
    spec: { token, ...(audiences === undefined ? {} : { audiences }) },
  };
  const { status } = await client.create(typed<TokenReview>(tokenReviews), review, { timeoutMs });
  if (status?.authenticated !== true) return undefined;
  // An authenticator that knows no audiences answers without any; without asking for one that is what it should do.
  if (audiences !== undefined && !audiences.some((audience) => status.audiences?.includes(audience))) return undefined;
  const { username = "", groups = [], uid = "", extra = {} } = status.user ?? {};
  return username === "" ? undefined : { username, groups, uid, extra };
}

async function reviewAccess(client: KubeClient, caller: Caller, path: string): Promise<boolean> {
  const { username: user, groups, uid, extra } = caller;
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: {},
    spec: { user, groups, uid, extra, nonResourceAttributes: { path, verb: "get" } },
  };
  const { status } = await client.create(typed<SubjectAccessReview>(subjectAccessReviews), review, { timeoutMs });
  return status?.allowed === true;
}
