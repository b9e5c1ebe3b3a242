import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "@meshwright/kube/types";
import { troublesOf } from "./pod-troubles.ts";

const image = "registry.example/mesh/meshwright-meshd:v1.2.0";

function pod(status: object, labels: Readonly<Record<string, string>> = {}): KubeObject {
  const metadata = { name: "meshd-1", namespace: "mesh-system", labels };
  return { apiVersion: "v1", kind: "Pod", metadata, status } as KubeObject;
}

const waiting = (reason: string, message: string, more: object = {}): KubeObject =>
  pod({ containerStatuses: [{ name: "meshd", image, state: { waiting: { reason, message } }, ...more }] });

const details = (of: KubeObject): readonly string[] => troublesOf(of).map(({ detail }) => detail);

describe("what keeps a pod from running", () => {
  test("is an image that cannot be pulled, in the same words while kubelet tells of it in turns", () => {
    const cause = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`;
    const said = [
      `image "${image}" cannot be pulled: rpc error: code = NotFound desc = failed to pull and unpack image it: not found`,
    ];
    assert.deepEqual(details(waiting("ErrImagePull", cause)), said);
    assert.deepEqual(
      details(waiting("ImagePullBackOff", `Back-off pulling image "${image}": ErrImagePull: ${cause}`)),
      said,
    );
  });

  test("is an image that cannot be pulled, without a cause where kubelet gives none", () => {
    const said = [`image "${image}" cannot be pulled`];
    assert.deepEqual(details(waiting("ImagePullBackOff", `Back-off pulling image "${image}"`)), said);
  });

  test("is a container that ends again and again, with its last code", () => {
    const last = { lastState: { terminated: { exitCode: 2, reason: "Error" } } };
    const crashing = waiting("CrashLoopBackOff", "back-off 20s restarting failed container", last);
    assert.deepEqual(details(crashing), [
      `container "meshd" of image "${image}" ends again and again with code 2 (Error): see its log`,
    ]);
  });

  test("is a container that cannot be created", () => {
    const missing = waiting("CreateContainerConfigError", 'secret "x" not found');
    assert.deepEqual(details(missing), [
      `container "meshd" of image "${image}" cannot be created: secret "x" not found`,
    ]);
  });

  test("is that no node takes it", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }];
    assert.deepEqual(details(pod({ conditions })), ["no node takes its pod: 0/1 nodes are available"]);
  });

  test("is nothing while it starts or runs", () => {
    assert.deepEqual(details(waiting("ContainerCreating", "")), []);
    assert.deepEqual(details(pod({ containerStatuses: [{ name: "meshd", image, state: { running: {} } }] })), []);
    assert.deepEqual(details(pod({})), []);
  });

  test("names the component and the revision of which it is", () => {
    const labels = { "app.kubernetes.io/component": "control-plane", "istio.io/rev": "default" };
    const conditions = [{ type: "PodScheduled", status: "False", message: "no room" }];
    assert.deepEqual(troublesOf(pod({ conditions }, labels)), [
      { component: "control-plane", revision: "default", detail: "no node takes its pod: no room" },
    ]);
  });
});
