import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubePod } from "./kube-shapes.ts";
import { readWorkload } from "./read-workload.ts";
import { trimPod } from "./trim-pod.ts";

const pod: KubePod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web-1",
    namespace: "shop",
    uid: "u",
    labels: { app: "web", "security.istio.io/tlsMode": "istio" },
    annotations: { long: "text" },
  },
  spec: {
    serviceAccountName: "web",
    initContainers: [
      { ports: [{ name: "setup", containerPort: 1 }] },
      { restartPolicy: "Always", ports: [{ name: "admin", containerPort: 9901 }] },
    ],
    containers: [{ ports: [{ name: "web", containerPort: 8080 }, { containerPort: 8081 }] }],
  },
  status: { phase: "Running", podIPs: [{ ip: "198.18.128.9" }, { ip: "2001:db8::9" }] },
};

describe("a pod", () => {
  test("keeps what the mesh cares about", () => {
    assert.deepEqual(readWorkload(pod), {
      namespace: "shop",
      name: "web-1",
      uid: "u",
      serviceAccount: "web",
      addresses: ["198.18.128.9", "2001:db8::9"],
      labels: { app: "web", "security.istio.io/tlsMode": "istio" },
      names: {
        workload: "web-1",
        app: "web",
        version: "unknown",
        canonicalService: "web",
        canonicalRevision: "latest",
      },
      ports: [
        { name: "admin", port: 9901 },
        { name: "web", port: 8080 },
      ],
      isMeshed: true,
      isTerminating: false,
    });
  });

  test("reads the same after what nobody reads was dropped", () => {
    assert.deepEqual(readWorkload(trimPod(pod)), readWorkload(pod));
    assert.equal(trimPod(pod).metadata.annotations, undefined);
  });

  test("is called after the controller that its trimmed metadata still names", () => {
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-5d9f", uid: "r", controller: true };
    const labels = { ...pod.metadata.labels, "pod-template-hash": "5d9f" };
    const owned = { ...pod, metadata: { ...pod.metadata, labels, ownerReferences: [owner] } };
    assert.equal(readWorkload(trimPod(owned))?.names.workload, "web");
  });

  test("that has ended is none", () => {
    for (const phase of ["Succeeded", "Failed"]) assert.equal(readWorkload({ ...pod, status: { phase } }), undefined);
  });

  test("terminates from the moment at which its deletion was asked for", () => {
    const metadata = { ...pod.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" };
    assert.equal(readWorkload({ ...pod, metadata })?.isTerminating, true);
  });

  test("on the node's network is not meshed, whatever its label claims", () => {
    const onHost = { ...pod, spec: { ...pod.spec, hostNetwork: true } };
    assert.equal(readWorkload(trimPod(onHost))?.isMeshed, false);
  });

  test("without a sidecar is not meshed", () => {
    assert.equal(readWorkload({ ...pod, metadata: { ...pod.metadata, labels: {} } })?.isMeshed, false);
  });
});
