import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Workload } from "../model/workload.ts";
import { admit } from "./admit.ts";

const workload: Workload = {
  namespace: "shop",
  name: "web-1",
  uid: "u",
  serviceAccount: "web",
  addresses: [],
  labels: {},
  names: { workload: "web", app: "web", version: "v1", canonicalService: "web", canonicalRevision: "v1" },
  ports: [],
  isMeshed: true,
  isTerminating: false,
};

const id = "sidecar~198.18.128.2~web-1.shop~shop.svc.cluster.local";
const peer = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };

function decide(over: { id?: string; peer?: Partial<typeof peer> }) {
  const lookup = (key: string): Workload | undefined => (key === "shop/web-1" ? workload : undefined);
  return admit({ id: over.id ?? id }, { ...peer, ...over.peer }, "cluster.local", lookup);
}

describe("a proxy", () => {
  test("is served as the pod whose certificate it has", () => {
    assert.deepEqual(decide({}), { kind: "admitted", workload });
  });

  const cases: Record<string, { over: Parameters<typeof decide>[0]; code: string; names: readonly string[] }> = {
    "of another namespace is refused, and told both": {
      over: { peer: { namespace: "other" } },
      code: "permissionDenied",
      names: ["spiffe://cluster.local/ns/other/sa/web", "shop"],
    },
    "of another service account is refused, and told both": {
      over: { peer: { serviceAccount: "db" } },
      code: "permissionDenied",
      names: ["spiffe://cluster.local/ns/shop/sa/db", '"web"'],
    },
    "of another trust domain is refused": {
      over: { peer: { trustDomain: "evil" } },
      code: "permissionDenied",
      names: ["spiffe://evil/", "spiffe://cluster.local/"],
    },
    "whose pod the watch has not seen yet may come again": {
      over: { id: id.replace("web-1", "web-2") },
      code: "unavailable",
      names: ["shop/web-2"],
    },
    "of another namespace does not learn which pods there are": {
      over: { id: id.replace("web-1", "web-2"), peer: { namespace: "other" } },
      code: "permissionDenied",
      names: ["shop/web-2"],
    },
    "that contradicts itself is refused": {
      over: { id: "sidecar~198.18.128.2~web-1.shop~other.svc.cluster.local" },
      code: "invalidArgument",
      names: ["other"],
    },
    "without a form of its own is refused": { over: { id: "web" }, code: "invalidArgument", names: ['"web"'] },
  };
  for (const [name, { over, code, names }] of Object.entries(cases)) {
    test(name, () => {
      const refused = decide(over);
      assert.ok(refused.kind === "refused");
      assert.equal(refused.code, code);
      for (const text of names) assert.ok(refused.message.includes(text), refused.message);
    });
  }
});
