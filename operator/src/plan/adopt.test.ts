import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { plan } from "./plan.ts";
import { complete, meshInstall, settings } from "./testdata/observed.ts";

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly caBundle: string };
  readonly namespaceSelector: { readonly matchExpressions: readonly object[] };
  readonly objectSelector: { readonly matchExpressions: readonly object[] };
}

/** A complete mesh of whose webhooks each was changed. */
function changed(change: (webhook: Webhook) => object): Observed {
  const observed = complete();
  const owned = observed.owned.map((object): OwnedObject => {
    if (object.kind !== "MutatingWebhookConfiguration") return object;
    const webhooks = object["webhooks"] as readonly Webhook[];
    return { ...object, webhooks: webhooks.map((webhook) => ({ ...webhook, ...change(webhook) })) };
  });
  return { ...observed, owned };
}

const applied = (observed: Observed): readonly string[] =>
  plan(observed, settings).steps.map((step) => ("manifest" in step ? step.manifest.kind : step.kind));
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const foreign = { key: "control-plane", operator: "DoesNotExist" };

describe("what others add to a webhook", () => {
  test("is left there: a requirement in a selector", () => {
    const added = changed(({ namespaceSelector }) => ({
      namespaceSelector: { matchExpressions: [...namespaceSelector.matchExpressions, foreign] },
    }));
    assert.deepEqual(applied(added), []);
  });

  test("is left there: certificates beside the root", () => {
    assert.deepEqual(applied(changed(() => ({ clientConfig: config(base64("OTHER PEM\nROOT PEM\n")) }))), []);
  });

  test("is left there: another failure policy", () => {
    assert.deepEqual(applied(changed(() => ({ failurePolicy: "Ignore" }))), []);
  });

  test("is kept when something else has to be put back", () => {
    const both = changed(({ namespaceSelector }) => ({
      namespaceSelector: { matchExpressions: [...namespaceSelector.matchExpressions, foreign] },
      timeoutSeconds: 30,
    }));
    const [step] = plan(both, settings).steps;
    assert.ok(step?.kind === "apply");
    assert.match(JSON.stringify(step.manifest), /"timeoutSeconds":5/);
    assert.match(JSON.stringify(step.manifest), /"key":"control-plane"/);
  });

  test("does not stand in the place of what is ours", () => {
    const webhook = ["MutatingWebhookConfiguration"];
    assert.deepEqual(applied(changed(() => ({ clientConfig: config(base64("OTHER PEM\n")) }))), webhook);
    assert.deepEqual(applied(changed(() => ({ objectSelector: { matchExpressions: [foreign] } }))), webhook);
  });
});

function config(caBundle: string): object {
  return { service: { name: "meshd-default", namespace: "mesh-system", path: "/inject", port: 443 }, caBundle };
}

describe("replicas that an autoscaler decides on", () => {
  const install = meshInstall({ spec: { controlPlane: { autoscaling: { minReplicas: 3, maxReplicas: 6 } } } });
  const scaled = (replicas: number): Observed => {
    const observed = complete(install);
    const owned = observed.owned.map((object): OwnedObject => {
      const spec = object["spec"];
      if (object.kind !== "Deployment" || typeof spec !== "object") return object;
      const status = { observedGeneration: 1, replicas, updatedReplicas: replicas, availableReplicas: replicas };
      return { ...object, spec: { ...spec, replicas }, status };
    });
    return { ...observed, owned };
  };

  test("stay between least and most", () => {
    for (const replicas of [3, 5, 6]) assert.deepEqual(applied(scaled(replicas)), []);
    for (const replicas of [2, 7]) assert.deepEqual(applied(scaled(replicas)), ["Deployment"]);
  });

  test("begin with the least, of which all but one stay through drains", () => {
    const kinds = complete(install).owned.map(({ kind }) => kind);
    assert.ok(kinds.includes("HorizontalPodAutoscaler"));
    assert.ok(kinds.includes("PodDisruptionBudget"));
    const one = complete(meshInstall({ spec: { controlPlane: { autoscaling: { minReplicas: 1 } } } }));
    assert.ok(!one.owned.some(({ kind }) => kind === "PodDisruptionBudget"));
  });
});

describe("an object that the operator is told to ignore", () => {
  const ignored = (change: object): Observed => {
    const observed = complete();
    const owned = observed.owned.map((object): OwnedObject => {
      if (object.kind !== "Service") return object;
      const annotations = { ...object.metadata.annotations, "meshwright.dev/ignore": "true" };
      return { ...object, ...change, metadata: { ...object.metadata, annotations } };
    });
    return { ...observed, owned };
  };

  test("is not put back, and the status says so", () => {
    const { steps, verdict } = plan(ignored({ spec: { selector: { app: "other" } } }), settings);
    assert.deepEqual(steps, []);
    assert.ok(verdict.kind === "ready");
    assert.match(
      verdict.note ?? "",
      /left alone, as meshwright\.dev\/ignore says: Service "mesh-system\/meshd-default"/,
    );
  });
});
