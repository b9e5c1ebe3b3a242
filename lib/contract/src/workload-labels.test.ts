import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canonicalName, workloadLabels } from "./workload-labels.ts";
import { type NamedPod, workloadName } from "./workload-name.ts";

describe("the canonical name", () => {
  const replicaSet = (name: string) => [{ kind: "ReplicaSet", name, controller: true }];
  const cases: Record<string, { metadata: NamedPod; want: string }> = {
    "is the recommended label before the short one": {
      metadata: { labels: { "app.kubernetes.io/name": "reviews", app: "r" } },
      want: "reviews",
    },
    "is the Deployment's, where the ReplicaSet carries its hash": {
      metadata: { labels: { "pod-template-hash": "5d9f" }, ownerReferences: replicaSet("reviews-v1-5d9f") },
      want: "reviews-v1",
    },
    "is the ReplicaSet's, where no Deployment made it": {
      metadata: { ownerReferences: replicaSet("reviews-5d9f") },
      want: "reviews-5d9f",
    },
    "is the controller's, not another owner's": {
      metadata: {
        ownerReferences: [
          { kind: "Node", name: "n" },
          { kind: "StatefulSet", name: "db", controller: true },
        ],
      },
      want: "db",
    },
    "is the pod's own without an owner": { metadata: { name: "debug" }, want: "debug" },
    "is made from generateName before the name is": { metadata: { name: "", generateName: "batch-" }, want: "batch" },
    "fits a label": { metadata: { name: `${"a".repeat(62)}.b` }, want: "a".repeat(62) },
  };
  for (const [name, { metadata, want }] of Object.entries(cases))
    test(name, () => assert.equal(canonicalName(metadata), want));
});

test("a pod of a Job that a CronJob made is the CronJob's", () => {
  const job = (name: string) => ({ name: "p", ownerReferences: [{ kind: "Job", name, controller: true }] });
  assert.equal(workloadName(job("backup-29384940")), "backup");
  assert.equal(workloadName(job("backup-v2")), "backup-v2");
});

test("labels of which nothing is said are unknown, but for the canonical ones", () => {
  assert.deepEqual(workloadLabels({ name: "debug" }), {
    workload: "debug",
    app: "unknown",
    version: "unknown",
    canonicalService: "debug",
    canonicalRevision: "latest",
  });
});
