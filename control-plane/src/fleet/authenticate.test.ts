import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WorkloadIdentity } from "@meshwright/contract/identity";
import { type AccessOptions, admit, type Credentials } from "./authenticate.ts";
import type { Caller } from "./caller.ts";
import { DebugError } from "./debug-error.ts";

const accountGroups = ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"];
const web: Caller = { username: "system:serviceaccount:shop:web", groups: accountGroups, uid: "1", extra: {} };
const people: Readonly<Record<string, Caller>> = {
  web,
  operator: { ...web, username: "system:serviceaccount:meshwright-operator:meshwright-operator" },
  alice: { username: "alice", groups: ["system:authenticated"], uid: "", extra: {} },
  // Nobody but Kubernetes has the group, whatever name an identity provider lets people have.
  mallory: { username: "system:serviceaccount:shop:web", groups: ["system:authenticated"], uid: "", extra: {} },
};
const options: AccessOptions = {
  reviewer: {
    reviewToken: async (token) => people[token],
    reviewAccess: async ({ username }) => username.endsWith(":meshwright-operator"),
  },
  trustDomain: () => "cluster.local",
};
const peer: WorkloadIdentity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };
const nobody: Credentials = { authorization: undefined, peer: undefined };

/** What becomes of a request, in a few words. */
async function outcome(credentials: Partial<Credentials>, over: Partial<AccessOptions> = {}): Promise<string> {
  const decision = await admit({ ...nobody, ...credentials }, "/fleet", { ...options, ...over });
  if (decision.kind === "refused") return decision.reason;
  return decision.access.kind === "everything" ? "everything" : decision.access.namespace;
}

describe("a caller of the debug port", () => {
  const cases: Record<string, { credentials: Partial<Credentials>; want: string }> = {
    "sees everything with the right to": { credentials: { authorization: "Bearer operator" }, want: "everything" },
    "sees its own namespace as a service account": { credentials: { authorization: "bearer  web" }, want: "shop" },
    "sees its own namespace by its certificate": { credentials: { peer }, want: "shop" },
    "sees nothing as a person without the right": { credentials: { authorization: "Bearer alice" }, want: "Forbidden" },
    "sees nothing with a service account's name alone": {
      credentials: { authorization: "Bearer mallory" },
      want: "Forbidden",
    },
    "is nobody without credentials": { credentials: {}, want: "Unauthenticated" },
    "is nobody with a token that is not vouched for": {
      credentials: { authorization: "Bearer forged" },
      want: "Unauthenticated",
    },
    "is nobody with a wrong token, certificate or not": {
      credentials: { authorization: "Bearer forged", peer },
      want: "Unauthenticated",
    },
    "is nobody with another scheme": { credentials: { authorization: "Basic d2ViOg==" }, want: "Unauthenticated" },
    "is nobody with an endless token": {
      credentials: { authorization: `Bearer ${"a".repeat(9000)}` },
      want: "Unauthenticated",
    },
    "is nobody with a certificate of another trust domain": {
      credentials: { peer: { ...peer, trustDomain: "elsewhere" } },
      want: "Unauthenticated",
    },
  };
  for (const [name, { credentials, want }] of Object.entries(cases)) {
    test(name, async () => assert.equal(await outcome(credentials), want));
  }

  test("is asked to come again when the API server is away", async () => {
    const reviewer = { ...options.reviewer, reviewToken: () => Promise.reject(new Error("away")) };
    assert.equal(await outcome({ authorization: "Bearer web" }, { reviewer }), "ReviewUnavailable");
  });

  test("is asked to come again when too many ask", async () => {
    const reviewer = {
      ...options.reviewer,
      reviewAccess: () => Promise.reject(new DebugError("TooManyReviews", "busy")),
    };
    assert.equal(await outcome({ peer }, { reviewer }), "Busy");
  });
});
