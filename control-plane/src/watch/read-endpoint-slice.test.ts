import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeEndpoint, KubeEndpointSlice } from "./kube-shapes.ts";
import { readEndpointSlice } from "./read-endpoint-slice.ts";

function slice(fields: Partial<KubeEndpointSlice>): KubeEndpointSlice {
  const labels = { "kubernetes.io/service-name": "web" };
  const metadata = { name: "web-a", namespace: "shop", labels };
  return { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, ...fields };
}

function readOne(endpoint: KubeEndpoint) {
  return readEndpointSlice(slice({ endpoints: [{ addresses: ["198.18.128.1"], ...endpoint }] }))?.endpoints[0];
}

describe("an endpoint", () => {
  const cases: Record<string, { conditions: NonNullable<KubeEndpoint["conditions"]>; want: boolean }> = {
    "takes traffic when it is ready": { conditions: { ready: true }, want: true },
    "takes traffic when nothing is known": { conditions: {}, want: true },
    "takes none when it is not ready": { conditions: { ready: false }, want: false },
    "takes none when it terminates, even if it is published before it is ready": {
      conditions: { ready: true, terminating: true },
      want: false,
    },
  };
  for (const [name, { conditions, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(readOne({ conditions })?.isReady, want));
  }

  test("names its pod by the slice's namespace unless it says another", () => {
    const targetRef = { kind: "Pod", name: "web-1", uid: "u" };
    assert.deepEqual(readOne({ targetRef })?.target, { kind: "pod", key: "shop/web-1", uid: "u" });
  });

  test("may be no pod's", () => {
    assert.deepEqual(readOne({ targetRef: { kind: "Node", name: "a" } })?.target, { kind: "unknown" });
    assert.deepEqual(readOne({})?.target, { kind: "unknown" });
  });
});

describe("an EndpointSlice", () => {
  test("keeps its TCP ports that have a number", () => {
    const ports = [{ name: "http", port: 8080 }, { name: "all" }, { name: "dns", port: 53, protocol: "UDP" }];
    assert.deepEqual(readEndpointSlice(slice({ ports }))?.ports, [{ name: "http", port: 8080 }]);
  });

  for (const port of [-1, 0, 65_536, 70_000, 2 ** 31 - 1]) {
    test(`has no port ${port}, although the API server takes it`, () =>
      assert.deepEqual(readEndpointSlice(slice({ ports: [{ name: "tcp", port }] }))?.ports, []));
  }

  const spellings: Record<string, readonly string[]> = {
    "2001:DB8:0::1": ["2001:db8::1"],
    "198.18.128.1": ["198.18.128.1"],
    "198.18.005.005": [],
    "web.shop": [],
    "": [],
  };
  for (const [written, want] of Object.entries(spellings)) {
    test(`spells the address "${written}" in one way, or leaves it out`, () => {
      const endpoints = readEndpointSlice(slice({ endpoints: [{ addresses: [written] }] }))?.endpoints ?? [];
      assert.deepEqual(
        endpoints.map(({ address }) => address),
        want,
      );
    });
  }

  test("may be empty, as the API server writes it", () => {
    const empty = readEndpointSlice(slice({ ports: null, endpoints: null }));
    assert.deepEqual([empty?.ports, empty?.endpoints], [[], []]);
  });

  const ignored: Record<string, Partial<KubeEndpointSlice>> = {
    "of no Service is ignored": { metadata: { name: "x", namespace: "shop" } },
    "of names instead of addresses is ignored": { addressType: "FQDN" },
  };
  for (const [name, fields] of Object.entries(ignored)) {
    test(name, () => assert.equal(readEndpointSlice(slice(fields)), undefined));
  }
});
