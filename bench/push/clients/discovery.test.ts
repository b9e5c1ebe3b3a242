import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { Cluster_DiscoveryType, ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { Discovery } from "./discovery.ts";
import type { ReadResource, ReadResponse } from "./read-response.ts";

const { cluster, endpoint, listener, secret } = typeUrls;
const nothing = { clusters: 0, listeners: 0 };
const empty = Buffer.alloc(0);

function response(type: TypeUrl, resources: readonly ReadResource[], removed: readonly string[] = []): ReadResponse {
  return { type, nonce: "n", resources, removed };
}

function eds(name: string): ReadResource {
  const clusterDiscoveryType = { case: "type", value: Cluster_DiscoveryType.EDS } as const;
  return { name, bytes: empty, body: toBinary(ClusterSchema, create(ClusterSchema, { name, clusterDiscoveryType })) };
}

const plain = (name: string): ReadResource => ({ name, bytes: empty, body: empty });

const asked = (discovery: Discovery, received: ReadResponse) =>
  discovery.take(received).map(({ type, nonce, subscribe, unsubscribe }) => [type, nonce, subscribe, unsubscribe]);

describe("what a proxy asks for", () => {
  test("is every cluster, then their endpoints and secrets, then every listener", () => {
    const discovery = new Discovery(nothing, ["ROOTCA"]);
    assert.deepEqual(
      discovery.begin().map(({ type, subscribe }) => [type, subscribe]),
      [[cluster, []]],
    );
    assert.deepEqual(asked(discovery, response(cluster, [eds("a"), eds("b")])), [
      [cluster, "n", [], []],
      [endpoint, "", ["a", "b"], []],
      [secret, "", ["ROOTCA"], []],
    ]);
    assert.deepEqual(asked(discovery, response(endpoint, [plain("a")])), [[endpoint, "n", [], []]]);
    assert.deepEqual(asked(discovery, response(endpoint, [plain("b")])), [
      [endpoint, "n", [], []],
      [listener, "", [], []],
    ]);
  });

  test("ends with the cluster that it was for, and is not asked for again while that only changes", () => {
    const discovery = new Discovery(nothing, []);
    discovery.take(response(cluster, [eds("a")]));
    assert.deepEqual(asked(discovery, response(cluster, [eds("a")])), [[cluster, "n", [], []]]);
    const [, change] = asked(discovery, response(cluster, [], ["a"]));
    assert.deepEqual(change, [endpoint, "", [], ["a"]]);
  });
});

describe("a proxy is configured", () => {
  test("when everything that it asked for was answered, also by the word that it does not exist", () => {
    const discovery = new Discovery(nothing, []);
    discovery.take(response(cluster, [eds("a")]));
    discovery.take(response(endpoint, [], ["a"]));
    assert.ok(!discovery.isConfigured);
    discovery.take(response(listener, []));
    assert.ok(discovery.isConfigured);
  });

  test("not before it has as much as is expected", () => {
    const discovery = new Discovery({ clusters: 1, listeners: 1 }, []);
    discovery.take(response(cluster, [plain("a")]));
    discovery.take(response(listener, []));
    assert.ok(!discovery.isConfigured);
    discovery.take(response(listener, [plain("l")]));
    assert.ok(discovery.isConfigured);
  });
});
