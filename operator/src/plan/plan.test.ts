import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Observed } from "../observe/types.ts";
import { objectId } from "./manifest.ts";
import { plan } from "./plan.ts";
import type { Plan, Step } from "./step.ts";
import { complete, empty, meshInstall, settings } from "./testdata/observed.ts";

/** A step in a few words. */
function words(step: Step): string {
  if ("manifest" in step) return `${step.kind} ${objectId(step.manifest)}`;
  return "object" in step ? `${step.kind} ${objectId(step.object)}` : step.kind;
}

const steps = (observed: Observed): readonly string[] => plan(observed, settings).steps.map(words);
const kinds = (observed: Observed): readonly string[] =>
  steps(observed).map((step) => step.split('"')[0]?.trim() ?? "");

/** Reason of what keeps an install from being ready. */
function reason({ verdict }: Plan): string {
  switch (verdict.kind) {
    case "progressing":
      return verdict.reason;
    case "refused":
      return verdict.problems.map((problem) => problem.reason).join(", ");
    case "uninstallRefused":
      return verdict.problem.reason;
    case "ready":
    case "uninstalling":
    case "uninstalled":
      return verdict.kind;
  }
}

const without = (observed: Observed, ...kinds: readonly string[]): Observed => ({
  ...observed,
  owned: observed.owned.filter((object) => !kinds.includes(object.kind)),
});

const withStatus = (observed: Observed, kind: string, status: object): Observed => ({
  ...observed,
  owned: observed.owned.map((object) => (object.kind === kind ? { ...object, status } : object)),
});

const failing = (detail: string): Observed["webhooks"] => new Map([["default", { kind: "fails", detail }]]);

describe("the plan of an install", () => {
  test("holds the finalizer before the first object, and makes the root before what needs it", () => {
    const install = meshInstall({ metadata: { finalizers: [] } });
    const observed: Observed = {
      ...empty(install),
      namespace: { kind: "missing" },
      certificateAuthority: { kind: "missing" },
    };
    assert.deepEqual(steps(observed), [
      "holdFinalizer",
      'apply Namespace "mesh-system"',
      'createCertificateAuthority Secret "mesh-system/meshwright-ca"',
    ]);
  });

  test("applies the node agent before the control plane, and no webhook before its server answers", () => {
    const made = kinds(empty());
    assert.ok(made.indexOf("apply DaemonSet") < made.indexOf("apply Deployment"));
    assert.ok(!made.includes("apply MutatingWebhookConfiguration"));
  });

  test("applies the webhook once its server answers", () => {
    assert.deepEqual(kinds(without(complete(), "MutatingWebhookConfiguration")), [
      "apply MutatingWebhookConfiguration",
    ]);
  });

  test("keeps the webhook while its server is away: it fails closed", () => {
    const observed: Observed = { ...complete(), webhooks: failing("refused") };
    assert.deepEqual(steps(observed), []);
    assert.equal(reason(plan(observed, settings)), "WebhookNotReady");
  });

  test("has nothing to do for a mesh that is as wanted", () => {
    const { steps: decided, verdict, recheckAfterMs, target } = plan(complete(), settings);
    assert.deepEqual(
      { decided, verdict, recheckAfterMs },
      { decided: [], verdict: { kind: "ready" }, recheckAfterMs: 60_000 },
    );
    assert.deepEqual(target, { revision: "default", version: "v1.1.0" });
  });

  test("upgrades the node agent first, and the control plane when every node has the new agent", () => {
    const next = meshInstall({ spec: { version: "v1.1.0" } });
    const [old, upgraded] = [complete(meshInstall({ spec: { version: "v1.0.0" } })), complete(next)];
    assert.deepEqual(kinds({ ...old, install: next, installs: [next] }), ["apply MeshRevision", "apply DaemonSet"]);
    const agents = upgraded.owned.filter(({ kind }) => kind === "DaemonSet");
    const rest = old.owned.filter(({ kind }) => kind !== "DaemonSet");
    assert.deepEqual(kinds({ ...upgraded, owned: [...agents, ...rest] }), ["apply ConfigMap", "apply Deployment"]);
  });

  test("deletes what it owns and no longer wants", () => {
    const install = meshInstall({ spec: { controlPlane: { replicas: 1 } } });
    const observed = { ...complete(), install, installs: [install] };
    assert.deepEqual(steps(observed), [
      'apply MeshRevision "default"',
      'apply Deployment "mesh-system/meshd-default"',
      'delete PodDisruptionBudget "mesh-system/meshd-default"',
    ]);
  });

  test("leaves a namespace that is there as it is", () => {
    const observed: Observed = { ...empty(), namespace: { kind: "present", created: false, terminating: false } };
    assert.ok(!kinds(observed).includes("apply Namespace"));
  });
});

describe("an install is not ready", () => {
  const cases: Record<string, { observed: Observed; want: string }> = {
    "while the node agent is not everywhere": {
      observed: withStatus(complete(), "DaemonSet", {
        observedGeneration: 1,
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      }),
      want: "NodeAgentNotReady",
    },
    "while a replica of the control plane is missing": {
      observed: withStatus(complete(), "Deployment", {
        observedGeneration: 1,
        replicas: 2,
        updatedReplicas: 2,
        availableReplicas: 1,
      }),
      want: "ControlPlaneNotReady",
    },
    "while the webhook's certificate does not verify": {
      observed: { ...complete(), webhooks: failing("self-signed certificate") },
      want: "WebhookNotReady",
    },
    "while something is still to be applied": { observed: without(complete(), "Service"), want: "Applying" },
  };
  for (const [name, { observed, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(reason(plan(observed, settings)), want));
  }
});

describe("an install is refused", () => {
  const older = meshInstall({ name: "older", metadata: { creationTimestamp: "2029-01-01T00:00:00Z" } });
  const twin = meshInstall({ name: "a-twin" });
  const cases: Record<string, { observed: Observed; want: string; words: RegExp }> = {
    "when an older one holds the cluster": {
      observed: { ...empty(), installs: [meshInstall(), older] },
      want: "Collision",
      words: /metadata\.name is "default".*"older": delete one/,
    },
    "when one of the same age comes first in the alphabet": {
      observed: { ...empty(), installs: [meshInstall(), twin] },
      want: "Collision",
      words: /"a-twin"/,
    },
    "for a version that nobody knows": {
      observed: empty(meshInstall({ spec: { version: "v9.9.9" } })),
      want: "UnknownVersion",
      words: /spec\.version is "v9\.9\.9".*one of v1\.1\.0, v1\.0\.0/,
    },
    "on a Kubernetes that is too old": {
      observed: { ...empty(), kubernetesVersion: "1.24.0" },
      want: "UnsupportedKubernetes",
      words: /v1\.1\.0.*>=1\.29\.0.*1\.24\.0: upgrade/,
    },
    "in a namespace that is being deleted": {
      observed: { ...empty(), namespace: { kind: "present", created: true, terminating: true } },
      want: "NamespaceTerminating",
      words: /wait/,
    },
    "in a namespace that forbids the node agent": {
      observed: {
        ...empty(),
        namespace: { kind: "present", created: false, terminating: false, podSecurity: "baseline" },
      },
      want: "NamespaceForbidsNodeAgent",
      words: /"mesh-system", which enforces Pod Security "baseline".*label it/,
    },
    "when the root is gone that proxies trust": {
      observed: { ...complete(), certificateAuthority: { kind: "missing" } },
      want: "CertificateAuthorityMissing",
      words: /Secret "mesh-system\/meshwright-ca" is missing.*restore/,
    },
    "when the root's Secret holds something else": {
      observed: { ...complete(), certificateAuthority: { kind: "invalid", detail: "has no root: add it" } },
      want: "CertificateAuthorityInvalid",
      words: /Secret "mesh-system\/meshwright-ca" has no root: add it/,
    },
  };
  for (const [name, { observed, want, words: pattern }] of Object.entries(cases)) {
    test(name, () => {
      const next = plan(observed, settings);
      assert.equal(reason(next), want);
      assert.deepEqual(next.steps, []);
      assert.ok(next.verdict.kind === "refused");
      assert.match(next.verdict.problems.map((problem) => problem.message).join(), pattern);
    });
  }
});
