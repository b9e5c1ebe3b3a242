import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { DeltaDiscoveryResponseSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { Sign } from "./messages.ts";
import { readResponse } from "./read-response.ts";
import { type SeenAt, Watches } from "./watches.ts";

/** A response with the endpoints of one cluster. */
function endpoints(clusterName: string, addresses: readonly string[]) {
  const lbEndpoints = addresses.map((address) => ({
    hostIdentifier: {
      case: "endpoint",
      value: { address: { address: { case: "socketAddress", value: { address } } } },
    } as const,
  }));
  const resource = packAny(ClusterLoadAssignmentSchema, { clusterName, endpoints: [{ lbEndpoints }] });
  const message = create(DeltaDiscoveryResponseSchema, {
    typeUrl: typeUrls.endpoint,
    nonce: "1",
    resources: [{ name: clusterName, version: "1", resource }],
  });
  return readResponse(Buffer.from(toBinary(DeltaDiscoveryResponseSchema, message)));
}

function watched(proxies: number, ...signs: readonly Sign[]) {
  const seen: SeenAt[] = [];
  const watches = new Watches(proxies, (_, atMs) => seen.push(atMs));
  watches.add(1, signs);
  return { watches, seen };
}

const gone: Sign = { type: typeUrls.endpoint, host: "web.shop.svc", lacks: "198.18.1.1" };

describe("a change that clients look out for", () => {
  test("was seen when the last proxy has seen it, at each one's own first time", () => {
    const { watches, seen } = watched(2, gone);
    watches.saw(0, endpoints("outbound|80||web.shop.svc", ["198.18.1.2"]), 10);
    watches.saw(0, endpoints("outbound|80||web.shop.svc", []), 20);
    assert.deepEqual(seen, []);
    watches.saw(1, endpoints("outbound|80||web.shop.svc", ["198.18.1.2"]), 30);
    assert.deepEqual(seen, [[10, 30]]);
  });

  test("is not seen in another Service, nor while the address is there", () => {
    const { watches, seen } = watched(1, gone);
    watches.saw(0, endpoints("outbound|80||other.shop.svc", []), 10);
    watches.saw(0, endpoints("outbound|80||web.shop.svc", ["198.18.1.1"]), 10);
    assert.deepEqual(seen, []);
  });

  test("is not hidden by an address that begins like the one that is gone", () => {
    const { watches, seen } = watched(1, gone);
    watches.saw(0, endpoints("outbound|80||web.shop.svc", ["198.18.1.11"]), 10);
    assert.deepEqual(seen, [[10]]);
  });

  test("needs all its signs, in whatever order they come", () => {
    const { watches, seen } = watched(1, gone, { type: typeUrls.endpoint, host: "two" });
    watches.saw(0, endpoints("two", []), 10);
    assert.deepEqual(seen, []);
    watches.saw(0, endpoints("web.shop.svc", []), 20);
    assert.deepEqual(seen, [[20]]);
  });

  test("is found in a resource whose name does not tell whose it is", () => {
    const { watches, seen } = watched(1, { type: typeUrls.endpoint, host: "web.shop.svc" });
    watches.saw(0, endpoints("80", ["198.18.1.1"]), 10);
    assert.deepEqual(seen, []);
    watches.saw(0, endpoints("web.shop.svc:80", ["198.18.1.1"]), 20);
    assert.deepEqual(seen, [[20]]);
  });

  test("does not end another of the same Service", () => {
    const { watches, seen } = watched(1, gone);
    watches.add(2, [{ ...gone, lacks: "198.18.1.2" }]);
    watches.saw(0, endpoints("outbound|80||web.shop.svc", ["198.18.1.2"]), 10);
    assert.deepEqual(seen, [[10]]);
    watches.saw(0, endpoints("outbound|80||web.shop.svc", []), 20);
    assert.deepEqual(seen, [[10], [20]]);
  });

  test("that was given up tells who never saw it", () => {
    const { watches, seen } = watched(2, gone);
    watches.saw(1, endpoints("web.shop.svc", []), 10);
    watches.giveUp(1);
    assert.deepEqual(seen, [[null, 10]]);
  });
});
