import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authorize, type TokenReviewStatus } from "./authorize.ts";
import type { RefusalReason } from "./refusal.ts";

const user = {
  username: "system:serviceaccount:shop:web",
  groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
  extra: {
    "authentication.kubernetes.io/pod-name": ["web-0"],
    "authentication.kubernetes.io/pod-uid": ["2b9e"],
  },
};
const review: TokenReviewStatus = { authenticated: true, audiences: ["meshwright-ca"], user };

test("a pod's token for our audience is the pod's service account", () => {
  assert.deepEqual(authorize(review, "cluster.local"), {
    kind: "authorized",
    caller: {
      identity: { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" },
      pod: { name: "web-0", uid: "2b9e" },
    },
  });
});

describe("a token is refused when", () => {
  const cases: Record<string, { review: TokenReviewStatus; reason: RefusalReason }> = {
    "the API server does not vouch for it": { review: { authenticated: false }, reason: "TokenRejected" },
    "the API server says nothing": { review: {}, reason: "TokenRejected" },
    "the review has an error, whatever else it says": {
      review: { ...review, error: "token expired" },
      reason: "TokenRejected",
    },
    "it is for another audience": { review: { ...review, audiences: ["istio-ca"] }, reason: "WrongAudience" },
    "the authenticator knows no audiences": { review: { authenticated: true, user }, reason: "WrongAudience" },
    "it is a person's": { review: { ...review, user: { ...user, username: "jane" } }, reason: "NotServiceAccount" },
    "the name has a part too many": {
      review: { ...review, user: { ...user, username: `${user.username}:x` } },
      reason: "NotServiceAccount",
    },
    "the name would break out of the SPIFFE ID": {
      review: { ...review, user: { ...user, username: "system:serviceaccount:shop:web/../admin" } },
      reason: "NotServiceAccount",
    },
    "the user only calls itself a service account": {
      review: { ...review, user: { ...user, groups: ["system:authenticated"] } },
      reason: "NotServiceAccount",
    },
    "it is bound to no pod": { review: { ...review, user: { ...user, extra: {} } }, reason: "NotPodBound" },
  };
  for (const [name, { review: given, reason }] of Object.entries(cases)) {
    test(name, () => {
      const decision = authorize(given, "cluster.local");
      assert.equal(decision.kind === "refused" && decision.reason, reason);
    });
  }
});

test("the API server's own words on a rejected token are not passed on", () => {
  const decision = authorize({ authenticated: false, error: "signature of key 7 is invalid" }, "cluster.local");
  assert.doesNotMatch(JSON.stringify(decision), /key 7/);
});
