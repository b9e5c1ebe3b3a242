import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "@meshwright/kube/types";
import { foreignInjectors, selects, type WebhookConfiguration } from "./foreign-injectors.ts";

const pods = [{ operations: ["CREATE"], resources: ["pods"] }];

function configuration(
  name: string,
  webhook: object,
  labels: Readonly<Record<string, string>> = {},
): WebhookConfiguration {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name, labels },
    webhooks: [{ rules: pods, ...webhook }],
  };
}

const namespace = (name: string, labels: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels },
});

const shop = namespace("shop", { "istio-injection": "enabled" });
const bank = namespace("bank", { "istio.io/rev": "prod", "linkerd.io/inject": "enabled" });
const ofIstio = { namespaceSelector: { matchLabels: { "istio-injection": "enabled" } } };

describe("injectors of other meshes", () => {
  test("are found where they are called for pods of ours too, and not elsewhere", () => {
    const istio = configuration("istio-sidecar-injector", ofIstio);
    const linkerd = configuration("linkerd-proxy-injector-webhook-config", {
      namespaceSelector: { matchExpressions: [{ key: "linkerd.io/inject", operator: "In", values: ["enabled"] }] },
    });
    const osm = configuration("osm-webhook-x", {
      namespaceSelector: { matchLabels: { "openservicemesh.io/monitored-by": "x" } },
    });
    assert.deepEqual(foreignInjectors([istio, linkerd, osm], [shop, bank]), [
      { name: "istio-sidecar-injector", namespaces: ["shop"] },
      { name: "linkerd-proxy-injector-webhook-config", namespaces: ["bank"] },
    ]);
  });

  test("are neither ours nor webhooks for something else", () => {
    const ours = configuration("istio-sidecar-injector", ofIstio, { "meshwright.dev/install": "default" });
    const policies = configuration("policy-engine", {});
    const others = configuration("kuma-admission-mutating", {
      rules: [{ operations: ["CREATE"], resources: ["meshes"] }],
    });
    assert.deepEqual(foreignInjectors([ours, policies, others], [shop, bank]), []);
  });

  test("that are called only for pods with a label do not count: most pods have none", () => {
    const byPod = configuration("istio-revision-tag-x", {
      objectSelector: { matchExpressions: [{ key: "istio.io/rev", operator: "Exists" }] },
    });
    assert.deepEqual(foreignInjectors([byPod], [shop]), []);
  });
});

describe("a label selector", () => {
  const own = { a: "1" };
  const cases: Readonly<Record<string, boolean>> = {
    "In 1": true,
    "In 2": false,
    "NotIn 2": true,
    "NotIn 1": false,
    "Exists ": true,
    "DoesNotExist ": false,
  };
  for (const [said, want] of Object.entries(cases)) {
    const [operator = "", value = ""] = said.split(" ");
    test(`with ${said} is ${want ? "" : "not "}met by a=1`, () => {
      assert.equal(selects({ matchExpressions: [{ key: "a", operator, values: [value] }] }, own), want);
    });
  }

  test("that is absent or empty selects everything", () => {
    assert.equal(selects(undefined, own), true);
    assert.equal(selects({}, {}), true);
  });

  test("with an operator that nobody knows selects nothing", () => {
    assert.equal(selects({ matchExpressions: [{ key: "a", operator: "Like" }] }, own), false);
  });
});
