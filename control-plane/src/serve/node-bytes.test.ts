import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { NodeSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import {
  DeltaDiscoveryRequestSchema,
  DiscoveryRequestSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { decodeDeltaRequest } from "./delta-request.ts";
import { splitRequest } from "./node-bytes.ts";
import { decodeWorldRequest } from "./world-request.ts";

const extensions = Array.from({ length: 500 }, (_, index) => ({ name: `envoy.${index}`, category: "filters" }));
const node = {
  id: "sidecar~198.18.0.2~web.shop~shop.svc.cluster.local",
  cluster: "web.shop",
  metadata: { MESHWRIGHT: "yes" },
  userAgentVersionType: { case: "userAgentVersion", value: "1.40.0" },
} as const;
const rest = { typeUrl: "type", resourceNamesSubscribe: ["a", "b"], responseNonce: "7" };

/** Number of `node` in a `DeltaDiscoveryRequest`. */
const nodeField = 1;

const encoded = (fields: Parameters<typeof create<typeof DeltaDiscoveryRequestSchema>>[1]): Buffer =>
  Buffer.from(toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, fields)));

describe("the node of a request", () => {
  test("is read without its extensions, and the rest as it is", () => {
    const split = splitRequest(encoded({ ...rest, node: { ...node, extensions } }), nodeField);
    assert.deepEqual(split.node, create(NodeSchema, node));
    assert.deepEqual(Buffer.from(split.rest), Buffer.from(encoded(rest)));
  });

  test("is nothing where there is none", () => {
    for (const bytes of [encoded(rest), Buffer.alloc(0)])
      assert.deepEqual(splitRequest(bytes, nodeField), { node: undefined, rest: bytes });
  });

  test("is read wherever it stands", () => {
    const before = decodeDeltaRequest(encoded({ ...rest, node: { ...node, extensions } }));
    const after = decodeDeltaRequest(Buffer.concat([encoded(rest), encoded({ node })]));
    assert.equal(before.node?.id, node.id);
    assert.deepEqual(after, before);
  });

  test("is told from the version that comes before it where all is asked for", () => {
    const request = (fields: Parameters<typeof create<typeof DiscoveryRequestSchema>>[1]) =>
      decodeWorldRequest(Buffer.from(toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, fields))));
    const names = { typeUrl: "type", resourceNames: ["a"] };
    assert.equal(request({ ...names, node: { ...node, extensions } }).node?.id, node.id);
    assert.equal(request({ ...names, versionInfo: "3", node }).node?.id, node.id);
    const later = request({ ...names, versionInfo: "3", responseNonce: "7" });
    assert.deepEqual([later.node, later.nonce, later.names], [undefined, "7", ["a"]]);
  });

  test("that is cut off is no message", () => {
    const bytes = encoded({ node: { ...node, extensions } });
    for (const length of [1, 2, 3, 40, bytes.length - 1])
      assert.throws(() => decodeDeltaRequest(bytes.subarray(0, length)), `${length} bytes`);
  });
});
