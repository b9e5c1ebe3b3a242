import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "@meshwright/kube/types";
import { groupedByReference, namespaceReferences, PodReferences } from "./references.ts";

type Words = Readonly<Record<string, string>>;

const pod = (name: string, labels: Words = {}, annotations: Words = {}): KubeObject => {
  const [namespace = ""] = name.split("/");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: name.slice(namespace.length + 1), namespace, labels, annotations },
  };
};
const namespace = (name: string, labels: Words): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels },
});
const injected = (revision: string): Words => ({ "istio.io/rev": revision });
const nothing: ReadonlyMap<string, string> = new Map();

describe("namespaces", () => {
  test("refer to what their labels name, istio-injection before istio.io/rev", () => {
    const references = namespaceReferences([
      namespace("a", { "istio.io/rev": "prod" }),
      namespace("b", { "istio-injection": "enabled", "istio.io/rev": "prod" }),
      namespace("c", { "istio-injection": "disabled", "istio.io/rev": "prod" }),
      namespace("d", {}),
      namespace("0", { "istio.io/rev": "prod" }),
    ]);
    assert.deepEqual(
      [...groupedByReference(references)],
      [
        ["prod", ["0", "a"]],
        ["default", ["b"]],
      ],
    );
  });
});

describe("pods", () => {
  test("refer to the revision that injected them, whatever is written on their namespaces now", () => {
    const pods = new PodReferences();
    for (const name of ["shop/b", "shop/a"]) pods.set(pod(name, {}, injected("v1")));
    assert.deepEqual([...pods.by(new Map([["shop", "v2"]]))], [["v1", ["shop/a", "shop/b"]]]);
  });

  test("refer to what their labels ask for where their namespace asks for nothing", () => {
    const pods = new PodReferences();
    pods.set(pod("shop/a", { "istio.io/rev": "prod" }));
    pods.set(pod("shop/b", { "sidecar.istio.io/inject": "true" }));
    pods.set(pod("shop/c", { "istio.io/rev": "prod", "sidecar.istio.io/inject": "false" }));
    assert.deepEqual(
      [...pods.by(nothing)],
      [
        ["prod", ["shop/a"]],
        ["default", ["shop/b"]],
      ],
    );
    assert.deepEqual([...pods.by(new Map([["shop", "v2"]]))], []);
  });

  test("count once for a revision that injected them and that they ask for", () => {
    const pods = new PodReferences();
    pods.set(pod("shop/a", { "istio.io/rev": "v1" }, injected("v1")));
    assert.deepEqual([...pods.by(nothing)], [["v1", ["shop/a"]]]);
  });

  test("tell whether a change of theirs is one of what they refer to", () => {
    const pods = new PodReferences();
    assert.equal(pods.set(pod("shop/a")), false);
    assert.equal(pods.set(pod("shop/a", {}, injected("v1"))), true);
    assert.equal(pods.set(pod("shop/a", { app: "web" }, injected("v1"))), false);
    assert.equal(pods.set(pod("shop/a", {}, injected("v2"))), true);
    assert.deepEqual([...pods.by(nothing)], [["v2", ["shop/a"]]]);
    assert.equal(pods.delete(pod("shop/a")), true);
    assert.equal(pods.delete(pod("shop/a")), false);
    assert.equal(pods.by(nothing).size, 0);
  });
});
