import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OwnedObject } from "../observe/types.ts";
import { daemonSetRollout, deploymentRollout, type Rollout } from "./rollout.ts";

const deployment = (status: object): OwnedObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "meshd-default", namespace: "mesh-system", generation: 3 },
  spec: { replicas: 2 },
  status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
});

const daemonSet = (status: object): OwnedObject => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "agent", namespace: "mesh-system", generation: 1 },
  status: {
    observedGeneration: 1,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
    ...status,
  },
});

const detail = (rollout: Rollout): string => (rollout.kind === "complete" ? "complete" : rollout.detail);

describe("a Deployment's rollout", () => {
  const cases: Record<string, { status: object; want: RegExp }> = {
    "is complete when all replicas are updated and available": { status: {}, want: /^complete$/ },
    "is open while the controller has not seen the change": { status: { observedGeneration: 2 }, want: /has not seen/ },
    "is open while replicas are not updated": { status: { updatedReplicas: 1 }, want: /1 of 2 replicas are updated/ },
    "is open while an old replica is ending": {
      status: { terminatingReplicas: 1 },
      want: /1 replicas are still ending/,
    },
    "is open while an old replica is left": { status: { replicas: 3 }, want: /1 old replicas still run/ },
    "is open while a replica is not available": {
      status: { availableReplicas: 1 },
      want: /1 of 2 replicas are available/,
    },
    "tells why pods cannot be made": {
      status: {
        updatedReplicas: 0,
        conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }],
      },
      want: /Deployment "mesh-system\/meshd-default": exceeded quota/,
    },
  };
  for (const [name, { status, want }] of Object.entries(cases)) {
    test(name, () => assert.match(detail(deploymentRollout(deployment(status))), want));
  }
});

describe("a DaemonSet's rollout", () => {
  const cases: Record<string, { status: object; want: RegExp }> = {
    "is complete when every node has an updated, available pod": { status: {}, want: /^complete$/ },
    "is open while a node has an old pod": {
      status: { updatedNumberScheduled: 2 },
      want: /2 of 3 replicas are updated/,
    },
    "is open while a pod is not available": { status: { numberAvailable: 0 }, want: /0 of 3 replicas are available/ },
    "is open while nobody has counted the nodes": { status: { observedGeneration: 0 }, want: /has not seen/ },
  };
  for (const [name, { status, want }] of Object.entries(cases)) {
    test(name, () => assert.match(detail(daemonSetRollout(daemonSet(status))), want));
  }
});
