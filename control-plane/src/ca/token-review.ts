import { tokenAudience } from "@meshwright/contract/identity";
import type { KubeClient } from "@meshwright/kube/client";
import { tokenReviews, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import type { TokenReviewStatus } from "./authorize.ts";

/** Asks what a token proves. Rejects when the answer is not to be had. */
export type ReviewToken = (token: string) => Promise<TokenReviewStatus>;

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string; readonly audiences: readonly string[] };
  readonly status?: TokenReviewStatus;
}

/** Kubelet waits two minutes at most for a volume; an answer that takes longer than this helps nobody. */
const timeoutMs = 5000;

/** Reviews tokens by the Kubernetes API. Errors: the function that it returns rejects with KubeError. */
export function tokenReviewer(client: KubeClient): ReviewToken {
  const type = typed<TokenReview>(tokenReviews);
  return async (token) => {
    const review = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      metadata: {},
      spec: { token, audiences: [tokenAudience] },
    };
    return (await client.create(type, review, { timeoutMs })).status ?? {};
  };
}
