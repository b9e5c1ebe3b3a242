import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Observed, PodTrouble } from "../observe/types.ts";
import { plan } from "./plan.ts";
import { complete, settings } from "./testdata/observed.ts";

/** A mesh whose control plane or node agent lacks pods, and what its pods say. */
function lacking(kind: "Deployment" | "DaemonSet", podTroubles: readonly PodTrouble[]): Observed {
  const whole = complete();
  const status = {
    replicas: 3,
    updatedReplicas: 1,
    availableReplicas: 2,
    observedGeneration: 1,
    updatedNumberScheduled: 0,
  };
  const counts = { ...status, desiredNumberScheduled: 1 };
  const owned = whole.owned.map((object) => (object.kind === kind ? { ...object, status: counts } : object));
  return { ...whole, owned, podTroubles };
}

function message(observed: Observed): string {
  const { verdict } = plan(observed, settings);
  return verdict.kind === "progressing" ? verdict.message : verdict.kind;
}

const missing = 'image "registry.example/mesh/meshwright-meshd:v1.1.0" cannot be pulled: not found';
const ofControlPlane = (detail: string, revision = "default"): PodTrouble => ({
  component: "control-plane",
  revision,
  detail,
});

describe("a rollout that does not go on", () => {
  test("says what its pods say, each once", () => {
    const said = message(lacking("Deployment", [ofControlPlane(missing), ofControlPlane(missing)]));
    assert.equal(said, `Deployment "mesh-system/meshd-default": 1 of 2 replicas are updated: ${missing}`);
  });

  test("says all of it, in an order that stays", () => {
    const [one, two] = [ofControlPlane("a"), ofControlPlane("b")];
    assert.match(message(lacking("Deployment", [two, one])), /: a, and b$/);
    assert.equal(message(lacking("Deployment", [two, one])), message(lacking("Deployment", [one, two])));
  });

  test("does not say what pods of something else say", () => {
    const others = [ofControlPlane("x", "default-v1-0-0"), { component: "node-agent", detail: "y" }];
    assert.match(message(lacking("Deployment", others)), /updated$/);
    assert.match(message(lacking("DaemonSet", others)), /updated: y$/);
  });
});

describe("what a revision depends on", () => {
  const dependency = (observed: Observed) => plan(observed, settings).revisions[0]?.dependency;

  test("is healthy when the node agent runs everywhere and is as new", () => {
    assert.deepEqual(dependency(complete()), { kind: "healthy" });
  });

  test("says what the node agent's pods say", () => {
    const said = dependency(lacking("DaemonSet", [{ component: "node-agent", detail: "no room" }]));
    assert.equal(said?.kind === "unhealthy" && said.reason, "NodeAgentNotReady");
    assert.match(said?.kind === "unhealthy" ? said.message : "", /no room$/);
  });

  test("is behind when the node agent is older", () => {
    const whole = complete();
    const older = { "app.kubernetes.io/version": "v1.0.0" };
    const owned = whole.owned.map((object) =>
      object.kind === "DaemonSet"
        ? { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...older } } }
        : object,
    );
    assert.deepEqual(dependency({ ...whole, owned }), {
      kind: "unhealthy",
      reason: "NodeAgentBehind",
      message: "the node agent is v1.0.0, older than the revision's v1.1.0",
    });
  });
});

describe("a replica that ends", () => {
  const ending = (isReady: boolean): Observed => {
    const whole = complete();
    const status = {
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 1,
      observedGeneration: 1,
    };
    const owned = whole.owned.map((object) => (object.kind === "Deployment" ? { ...object, status } : object));
    const ready = {
      type: "Ready",
      status: isReady ? "True" : "False",
      observedGeneration: 1,
      lastTransitionTime: "2030-01-01T00:00:00Z",
      reason: "R",
      message: "m",
    } as const;
    return {
      ...whole,
      owned,
      revisions: whole.revisions.map((each) => ({ ...each, status: { conditions: [ready] } })),
    };
  };

  test("keeps a revision from becoming ready: it may be an old one, which still injects", () => {
    assert.match(message(ending(false)), /1 replicas are still ending$/);
  });

  test("does not take readiness away, as when an autoscaler has fewer", () => {
    assert.equal(message(ending(true)), "ready");
  });
});
