import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EndpointSlice, replicasOf } from "./replicas.ts";

const ports = [
  { name: "grpc-xds", port: 15012 },
  { name: "https-debug", port: 15016 },
];
const slice = (...endpoints: NonNullable<EndpointSlice["endpoints"]>): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "meshd-x" },
  ports,
  endpoints,
});
const names = (...slices: readonly EndpointSlice[]) => replicasOf(slices).map(({ name }) => name);
const pod = (name: string, over: object = {}) => ({ addresses: ["198.18.128.9"], targetRef: { name }, ...over });

describe("the replicas of a control plane", () => {
  test("are reached at the debug port of their own addresses", () =>
    assert.deepEqual(replicasOf([slice(pod("meshd-1"))]), [{ name: "meshd-1", address: "198.18.128.9", port: 15016 }]));

  test("count as long as they serve, also while they end", () => {
    const ending = { conditions: { ready: false, serving: true, terminating: true } };
    const starting = { conditions: { ready: false, serving: false } };
    assert.deepEqual(names(slice(pod("b", ending), pod("a"), pod("c", starting))), ["a", "b"]);
  });

  test("count once under two address families", () =>
    assert.deepEqual(names(slice(pod("a")), slice(pod("a", { addresses: ["2001:db8::9"] }))), ["a"]));

  test("are none where the Service has no such port yet", () =>
    assert.deepEqual(names({ ...slice(pod("a")), ports: [{ name: "grpc-xds", port: 15012 }] }), []));

  test("are none in a slice without endpoints", () => assert.deepEqual(names({ ...slice(), endpoints: null }), []));
});
