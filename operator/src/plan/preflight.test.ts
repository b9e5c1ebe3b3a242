import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UpgradeNote } from "../api/catalogue.ts";
import { acceptFindingsAnnotation } from "../api/mesh-install.ts";
import type { Observed, Surroundings } from "../observe/types.ts";
import { plan } from "./plan.ts";
import { canary, lifecycle, world } from "./testdata/lifecycle.ts";

type Seen = Extract<Surroundings, { kind: "seen" }>;

const fine: Seen = {
  kind: "seen",
  nodes: [{ name: "worker-1", kubeletVersion: "v1.37.2" }],
  injectors: [],
  stuckBudgets: [],
  definitions: [{ name: "peerauthentications.security.istio.io", version: "v1", isServed: true }],
  affected: [],
};
const note: UpgradeNote = {
  severity: "Blocking",
  change: "DISABLE is no longer understood",
  fix: "use PERMISSIVE",
  affects: { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication", plural: "peerauthentications" },
};

/** A mesh at v1.0.0 that is asked to be v1.1.0, in a cluster of which some is not as it should be. */
function asked(surroundings: Partial<Seen>, over: Partial<Observed> = {}): Observed {
  const observed = world({ install: canary("v1.1.0", "v1.0.0"), revisions: ["v1.0.0"] });
  return { ...observed, surroundings: { ...fine, ...surroundings }, ...over };
}

const found = (observed: Observed): readonly string[] =>
  (plan(observed, lifecycle).preflight?.findings ?? []).map(
    ({ severity, object, message }) => `${severity} ${object}: ${message}`,
  );
const makesRevision = (observed: Observed): boolean =>
  plan(observed, lifecycle).steps.some((step) => "manifest" in step && step.manifest.kind === "MeshRevision");

describe("before a change of version", () => {
  test("a cluster that is as it should be is no reason to wait", () => {
    assert.deepEqual(plan(asked({}), lifecycle).preflight, { version: "v1.1.0", findings: [] });
    assert.equal(makesRevision(asked({})), true);
  });

  const blocking: Readonly<Record<string, readonly [Partial<Seen>, string]>> = {
    "a node that does not run native sidecars": [
      { nodes: [{ name: "old", kubeletVersion: "v1.28.4" }] },
      'Blocking Node "old": its kubelet is v1.28.4 and does not run sidecars as init containers: upgrade it to 1.29.0 or newer, or cordon the node and delete it',
    ],
    "a kind that the mesh reads and that is not served": [
      { definitions: [{ name: "peerauthentications.security.istio.io", version: "v1", isServed: false }] },
      'Blocking CustomResourceDefinition "peerauthentications.security.istio.io": it is missing or does not serve v1: apply the CRDs that come with this operator',
    ],
    "another mesh's injector for the same pods": [
      { injectors: [{ name: "istio-sidecar-injector", namespaces: ["bank", "shop"] }] },
      'Blocking MutatingWebhookConfiguration "istio-sidecar-injector": it injects another mesh\'s sidecar into pods of bank, shop, which ask for ours too: take one of the two labels from these namespaces',
    ],
    "an object that a blocking note is about": [
      { affected: [{ note, objects: ["shop/a"] }] },
      'Blocking PeerAuthentication "shop/a": DISABLE is no longer understood: use PERMISSIVE',
    ],
  };
  for (const [name, [surroundings, said]] of Object.entries(blocking)) {
    test(`${name} blocks it, and nothing is made`, () => {
      const observed = asked(surroundings);
      assert.deepEqual(found(observed), [said]);
      assert.equal(makesRevision(observed), false);
      const { verdict, recheckAfterMs } = plan(observed, lifecycle);
      assert.equal(verdict.kind === "refused" && verdict.problems[0]?.reason, "PreflightFailed");
      assert.ok(recheckAfterMs !== undefined, "what is found is not watched");
    });

    test(`${name} is a warning once the user accepts it for that version`, () => {
      const install = canary("v1.1.0", "v1.0.0");
      const accepting = (version: string) => ({
        install: {
          ...install,
          metadata: { ...install.metadata, annotations: { [acceptFindingsAnnotation]: version } },
        },
      });
      assert.equal(makesRevision(asked(surroundings, accepting("v1.1.0"))), true);
      assert.deepEqual(found(asked(surroundings, accepting("v1.1.0"))), [said.replace("Blocking", "Warning")]);
      assert.equal(makesRevision(asked(surroundings, accepting("v1.2.0"))), false);
    });
  }

  const warnings: Readonly<Record<string, readonly [Partial<Seen>, Partial<Observed>, string]>> = {
    "a Kubernetes that the version was not tested with": [
      {},
      { kubernetesVersion: "1.33.1" },
      "Warning API server: Kubernetes 1.33.1 is in the range of v1.1.0, but was not tested with it: 1.37 were; try it in another cluster first",
    ],
    "a budget that never lets a pod go": [
      { stuckBudgets: ["shop/web"] },
      {},
      'Warning PodDisruptionBudget "shop/web": it never lets a pod go, so that no node with one can be drained: allow one disruption at least',
    ],
    "a note about what the operator may not read": [
      { affected: [{ note, unreadable: "forbidden" }] },
      {},
      "Warning every PeerAuthentication: whether it is affected is not known (forbidden): DISABLE is no longer understood; use PERMISSIVE",
    ],
  };
  for (const [name, [surroundings, over, said]] of Object.entries(warnings)) {
    test(`${name} is told, and does not block`, () => {
      const observed = asked(surroundings, over);
      assert.deepEqual(found(observed), [said]);
      assert.equal(makesRevision(observed), true);
    });
  }

  test("blocking findings come first", () => {
    const both = asked({ stuckBudgets: ["a/a"], nodes: [{ name: "z", kubeletVersion: "v1.20.0" }] });
    assert.deepEqual(
      found(both).map((each) => each.split(" ")[0]),
      ["Blocking", "Warning"],
    );
  });

  test("nothing is looked for when the version is installed, also as one to go back to", () => {
    const back = world({ install: canary("v1.0.0", "v1.1.0"), revisions: ["v1.0.0", "v1.1.0"] });
    const old = { ...fine, nodes: [{ name: "old", kubeletVersion: "v1.28.4" }] };
    assert.equal(plan({ ...back, surroundings: old }, lifecycle).preflight, undefined);
    assert.notEqual(plan({ ...back, surroundings: old }, lifecycle).verdict.kind, "refused");
  });
});
