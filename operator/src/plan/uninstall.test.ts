import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Observed, Remains } from "../observe/types.ts";
import { plan } from "./plan.ts";
import type { Plan } from "./step.ts";
import { complete, meshInstall, meshRevision, settings } from "./testdata/observed.ts";

const deletionTimestamp = "2030-02-01T00:00:00Z";
const nothing = { kind: "listed", meshedPods: [], ownPods: [], foreign: [] } as const satisfies Remains;

interface Leaving {
  readonly spec?: object;
  readonly remains?: Partial<Extract<Remains, { kind: "listed" }>>;
  /** Kinds of managed objects that are still there; default all. */
  readonly left?: (kind: string, component: string) => boolean;
  readonly over?: Partial<Observed>;
  /** Whether MeshRevisions are still there; default not. */
  readonly hasRevisions?: boolean;
}

/** What is observed of a complete mesh that is being uninstalled. */
function leaving({ spec = {}, remains = {}, left = () => true, over = {}, hasRevisions = false }: Leaving): Observed {
  const observed = complete(meshInstall({ spec, metadata: { deletionTimestamp } }));
  const owned = observed.owned.filter(({ kind, metadata }) =>
    left(kind, metadata.labels?.["app.kubernetes.io/component"] ?? ""),
  );
  const revisions = hasRevisions ? observed.revisions : [];
  return { ...observed, owned, revisions, remains: { ...nothing, ...remains }, ...over };
}

const noAuthority = { certificateAuthority: { kind: "missing" } } as const;
const steps = ({ steps }: Plan): readonly string[] =>
  steps.map((step) => ("object" in step ? `${step.kind} ${step.object.kind}` : step.kind));
const planned = (options: Leaving): Plan => plan(leaving(options), settings);

describe("an uninstall", () => {
  test("is refused while meshed pods run, naming at most ten", () => {
    const meshedPods = Array.from({ length: 12 }, (_, i) => `shop/pod-${String(i).padStart(2, "0")}`);
    const next = planned({ remains: { meshedPods } });
    assert.deepEqual(next.steps, []);
    assert.ok(next.verdict.kind === "uninstallRefused");
    assert.match(next.verdict.problem.message, /pods shop\/pod-00, .*shop\/pod-09 and 2 more.*spec\.uninstall\.force/);
  });

  test("removes the webhook first, so that nobody asks a server that is gone", () => {
    assert.deepEqual(steps(planned({})), ["delete MutatingWebhookConfiguration"]);
  });

  test("removes the control plane second", () => {
    const found = steps(planned({ left: (_, component) => component !== "injector" }));
    assert.ok(found.includes("delete Deployment"));
    assert.ok(!found.includes("delete DaemonSet"));
  });

  test("removes the MeshRevisions third, and lets go of them when their deletion was asked for", () => {
    const left: Leaving["left"] = (_, component) => component === "node-agent";
    assert.deepEqual(steps(planned({ left, hasRevisions: true })), ["delete MeshRevision"]);
    const metadata = { deletionTimestamp };
    const revisions = [meshRevision(meshInstall(), { version: "v1.1.0", metadata })];
    assert.deepEqual(steps(planned({ left, over: { revisions } })), ["releaseRevision"]);
  });

  test("removes the node agent and the root last", () => {
    const found = steps(planned({ left: (_, component) => component === "node-agent" }));
    assert.ok(found.includes("delete DaemonSet"));
    assert.ok(found.includes("delete CSIDriver"));
    assert.ok(found.includes("delete Secret"));
  });

  describe("in CNI mode", () => {
    const spec = { cni: { enabled: true } };
    const left: Leaving["left"] = (_, component) => component === "node-agent";

    test("has the agents take the plugin out of the nodes before they go", () => {
      const [step, ...others] = planned({ spec, left }).steps;
      assert.deepEqual(others, []);
      assert.ok(step?.kind === "apply");
      assert.equal(step.manifest.metadata.annotations?.["meshwright.dev/cni"], "removing");
      assert.match(JSON.stringify(step.manifest), /--cni-remove/);
    });

    test("has them take it out of the folders in which it is, whatever the profile says by now", () => {
      const other = "/etc/cni/multus/net.d";
      const install = meshInstall({
        spec: { cni: { ...spec.cni, cniConfDir: other } },
        metadata: { deletionTimestamp },
      });
      const written = JSON.stringify(planned({ spec, left, over: { install } }).steps);
      assert.match(written, /"\/etc\/cni\/net\.d"/);
      assert.ok(!written.includes(other));
    });

    const agent = (status: object, stage = "removing"): Partial<Observed> => {
      const daemonSet = complete().owned.find(({ kind }) => kind === "DaemonSet");
      assert.ok(daemonSet);
      const metadata = { ...daemonSet.metadata, annotations: { "meshwright.dev/cni": stage } };
      return { owned: [{ ...daemonSet, metadata, status }] };
    };
    const counts = { observedGeneration: 1, desiredNumberScheduled: 2, numberAvailable: 2 };

    test("waits until every node is rid of it, and says for what", () => {
      const next = planned({ spec, over: agent({ ...counts, updatedNumberScheduled: 1 }) });
      assert.deepEqual(next.steps, []);
      assert.ok(next.verdict.kind === "uninstalling");
      assert.match(next.verdict.message, /CNI plugin out of the nodes: .* 1 of 2 replicas .*delete a Node/);
    });

    test("removes the agents then", () => {
      const over = agent({ ...counts, updatedNumberScheduled: 2 });
      assert.ok(steps(planned({ spec, over })).includes("delete DaemonSet"));
    });

    test("does so too when it was switched off while pods still relied on it", () => {
      const over = agent({ ...counts, updatedNumberScheduled: 2 }, "enabled");
      assert.deepEqual(steps(planned({ over })), ["apply"]);
    });

    test("leaves the plugin to pods that an uninstall by force leaves running", () => {
      const force = { ...spec, uninstall: { force: true } };
      const next = planned({ spec: force, remains: { meshedPods: ["shop/web"] }, left });
      assert.deepEqual(steps(next), ["releaseFinalizer"]);
    });

    test("does not wait for agents of a version that nobody knows", () => {
      const { owned = [] } = agent(counts, "enabled");
      const unknown = { "app.kubernetes.io/version": "v9.9.9" };
      const over = owned.map((each) => ({ ...each, metadata: { ...each.metadata, labels: unknown } }));
      const next = planned({ over: { owned: over } });
      assert.ok(steps(next).includes("delete DaemonSet"));
    });
  });

  test("waits for its own pods to end", () => {
    const next = planned({ left: () => false, remains: { ownPods: ["mesh-system/meshd-1"] }, over: noAuthority });
    assert.deepEqual(
      [next.steps, next.verdict],
      [[], { kind: "uninstalling", message: "waiting for pod mesh-system/meshd-1 to end" }],
    );
  });

  test("ends with its namespace and the finalizer", () => {
    assert.deepEqual(steps(planned({ left: () => false, over: noAuthority })), [
      "delete Namespace",
      "releaseFinalizer",
    ]);
  });

  const keeps: Record<string, Leaving> = {
    "that it did not make": {
      over: { ...noAuthority, namespace: { kind: "present", created: false, terminating: false } },
    },
    "that others use": { remains: { foreign: ["ConfigMap theirs"] }, over: noAuthority },
    "that holds registry credentials": { spec: { images: { pullSecrets: ["login"] } }, over: noAuthority },
  };
  for (const [which, options] of Object.entries(keeps)) {
    test(`keeps a namespace ${which}`, () => {
      assert.deepEqual(steps(planned({ ...options, left: () => false })), ["releaseFinalizer"]);
    });
  }

  test("that is forced leaves what meshed pods need, and says so", () => {
    const next = planned({
      spec: { uninstall: { force: true } },
      remains: { meshedPods: ["shop/web"] },
      left: (_, component) => component === "node-agent",
    });
    assert.deepEqual(steps(next), ["releaseFinalizer"]);
    assert.ok(next.verdict.kind === "uninstalled");
    assert.ok(next.verdict.kept.includes('DaemonSet "mesh-system/meshwright-node-agent"'));
    assert.ok(next.verdict.kept.includes('Secret "mesh-system/meshwright-ca"'));
  });

  test("never deletes a root that a user brought", () => {
    const brought = { kind: "present", root: "ROOT", expires: "2040-01-01T00:00:00Z", created: false } as const;
    const over = { certificateAuthority: brought };
    assert.deepEqual(steps(planned({ left: () => false, over })), ["delete Namespace", "releaseFinalizer"]);
  });

  test("of an install that never held anything has nothing to do", () => {
    const install = meshInstall({ metadata: { deletionTimestamp, finalizers: [] } });
    assert.deepEqual(plan({ ...complete(install), remains: nothing }, settings).steps, []);
  });
});
