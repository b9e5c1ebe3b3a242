import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { versions } from "@meshwright/operator/api/gen/versions";
import { installation } from "@meshwright/operator/plan/installation";
import { revisionWebhook } from "@meshwright/operator/plan/manifests/injector";
import { meshInstall, settings } from "@meshwright/operator/plan/testdata/observed";
import { z } from "zod";
import { inject } from "./inject/inject.ts";
import { podSchema } from "./inject/pod.ts";

type Labels = Readonly<Record<string, string>>;

const selector = z.object({
  matchExpressions: z.array(
    z.object({
      key: z.string(),
      operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
      values: z.array(z.string()).default([]),
    }),
  ),
});
const webhooks = z.array(
  z.object({
    name: z.string(),
    namespaceSelector: selector,
    objectSelector: selector,
    rules: z.array(z.object({ operations: z.array(z.string()), resources: z.array(z.string()) })),
  }),
);
type Selector = z.infer<typeof selector>;

/** Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function matches({ matchExpressions }: Selector, labels: Labels): boolean {
  return matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  });
}

const revisions = ["default", "canary", "stable"];

/** The webhooks that the operator makes for a revision. */
function webhooksOf(revision: string): z.infer<typeof webhooks> {
  const install = meshInstall({ name: revision });
  const [entry] = versions;
  assert.ok(entry);
  const cni = { redirect: "init" } as const;
  const input = { install, entry, root: "ROOT", kubernetesVersion: "1.37.2", cni, settings };
  const made = revisionWebhook(installation(input));
  return webhooks.parse({ ...made }["webhooks"]);
}

const all = new Map(revisions.map((revision) => [revision, webhooksOf(revision)]));

/** Webhooks of a revision that the API server asks about a pod. */
function selecting(revision: string, namespace: Labels, pod: Labels): readonly string[] {
  return (all.get(revision) ?? [])
    .filter((webhook) => matches(webhook.namespaceSelector, namespace) && matches(webhook.objectSelector, pod))
    .map(({ name }) => name);
}

/** What becomes of a pod: the revision that injects it; none of those that are asked may find the question stale. */
function outcome(namespace: Labels, labels: Labels): string {
  const pod = podSchema.parse({ metadata: { name: "web", labels }, spec: { containers: [{ name: "web" }] } });
  const asked = revisions.filter((revision) => selecting(revision, namespace, labels).length > 0);
  return (
    asked
      .map((revision) => {
        const mesh = defaultMeshConfig(revision, "proxy");
        const { kind } = inject(pod, { name: "shop", labels: namespace }, { mesh, nativeSidecars: true });
        return kind === "injected" ? revision : `${revision}: ${kind}`;
      })
      .join("+") || "-"
  );
}

const yes = { "sidecar.istio.io/inject": "true" };
const no = { "sidecar.istio.io/inject": "false" };
const canary = { "istio.io/rev": "canary" };

const columns: Readonly<Record<string, Labels>> = {
  "without a label": {},
  "that says yes": yes,
  "that says no": no,
  "that names a revision": canary,
  "that says yes and names a revision": { ...yes, ...canary },
  "that says no and names a revision": { ...no, ...canary },
};

/** Istio's outcomes. Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy */
const rows: Readonly<Record<string, { readonly labels: Labels; readonly want: readonly string[] }>> = {
  "without a label": { labels: {}, want: ["-", "default", "-", "canary", "canary", "-"] },
  "with injection": {
    labels: { "istio-injection": "enabled" },
    want: ["default", "default", "-", "default", "default", "-"],
  },
  "without injection": { labels: { "istio-injection": "disabled" }, want: ["-", "-", "-", "-", "-", "-"] },
  "of a revision": {
    labels: { "istio.io/rev": "stable" },
    want: ["stable", "stable", "-", "stable", "stable", "-"],
  },
  "of the default revision": {
    labels: { "istio.io/rev": "default" },
    want: ["default", "default", "-", "default", "default", "-"],
  },
  "with injection and of a revision": {
    labels: { "istio-injection": "enabled", "istio.io/rev": "stable" },
    want: ["default", "default", "-", "default", "default", "-"],
  },
  "without injection and of a revision": {
    labels: { "istio-injection": "disabled", "istio.io/rev": "stable" },
    want: ["-", "-", "-", "-", "-", "-"],
  },
  "of a revision that is not there": { labels: { "istio.io/rev": "gone" }, want: ["-", "-", "-", "-", "-", "-"] },
};

for (const [namespace, { labels, want }] of Object.entries(rows)) {
  describe(`in a namespace ${namespace}`, () => {
    for (const [index, [pod, podLabels]] of Object.entries(columns).entries()) {
      const result = want[index];
      test(`a pod ${pod} gets ${result}`, () => assert.equal(outcome(labels, podLabels), result));
      test(`a pod ${pod} is asked about at most once`, () => {
        const asked = revisions.flatMap((revision) => selecting(revision, labels, podLabels));
        assert.ok(asked.length <= 1, asked.join());
      });
    }
  });
}

test("only the creation of pods is asked about, so that ephemeral containers are left alone", () => {
  for (const { rules } of [...all.values()].flat())
    assert.deepEqual(rules, [{ operations: ["CREATE"], resources: ["pods"] }]);
});
