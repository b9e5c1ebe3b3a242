import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PeerAuthentication } from "../model/peer-authentication.ts";
import type { KubePeerAuthentication } from "./kube-shapes.ts";
import { readPeerAuthentication } from "./read-peer-authentication.ts";

const createdAt = "2026-01-02T03:04:05Z";

function read(spec: NonNullable<KubePeerAuthentication["spec"]>, namespace = "shop"): PeerAuthentication | undefined {
  const metadata = { name: "policy", namespace, creationTimestamp: createdAt };
  const object = { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication", metadata, spec };
  return readPeerAuthentication(object, "mesh-system");
}

const selector = { matchLabels: { app: "web" } };

describe("a PeerAuthentication", () => {
  test("without a selector is about its namespace", () => {
    assert.deepEqual(read({ mtls: { mode: "STRICT" } }), {
      name: "policy",
      createdAt,
      scope: { kind: "namespace", namespace: "shop" },
      mode: "strict",
    });
  });

  test("of the mesh's own namespace is about the mesh", () => {
    assert.deepEqual(read({ mtls: { mode: "PERMISSIVE" } }, "mesh-system")?.scope, { kind: "mesh" });
  });

  test("of the mesh's own namespace has no effect with a selector", () => {
    assert.equal(read({ selector, mtls: { mode: "STRICT" } }, "mesh-system"), undefined);
  });

  test("with a selector is about workloads and their ports", () => {
    assert.deepEqual(read({ selector, portLevelMtls: { "8080": { mode: "DISABLE" }, "9090": {} } }), {
      name: "policy",
      createdAt,
      scope: {
        kind: "workload",
        namespace: "shop",
        labels: { app: "web" },
        portModes: new Map([
          [8080, "disabled"],
          [9090, "inherit"],
        ]),
      },
      mode: "inherit",
    });
  });

  test("inherits where it says nothing", () => {
    for (const spec of [{}, { mtls: {} }, { mtls: null }, { mtls: { mode: "UNSET" } }])
      assert.equal(read(spec)?.mode, "inherit");
  });
});
