import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary } from "@bufbuild/protobuf";
import { NodeSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import { DeltaDiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { encodeRequest } from "./encode-request.ts";
import { FrameReader } from "./grpc-frames.ts";

const type = typeUrls.endpoint;

test("a request is encoded whole, whatever it holds", () => {
  const plain = { type, nonce: "", subscribe: [], unsubscribe: [] };
  const requests = [
    plain,
    { ...plain, nonce: "17" },
    { ...plain, nonce: "n".repeat(200) },
    { ...plain, subscribe: ["a", "b"], unsubscribe: ["c"] },
  ];
  for (const request of requests) {
    const [message, ...more] = new FrameReader().push(encodeRequest(request));
    assert.deepEqual(more, []);
    const { typeUrl, responseNonce, resourceNamesSubscribe, resourceNamesUnsubscribe, node } = fromBinary(
      DeltaDiscoveryRequestSchema,
      message ?? Buffer.alloc(0),
    );
    const read = {
      type: typeUrl,
      nonce: responseNonce,
      subscribe: resourceNamesSubscribe,
      unsubscribe: resourceNamesUnsubscribe,
    };
    assert.deepEqual([read, node], [request, undefined]);
  }
});

test("the first request of a stream holds the node", () => {
  const node = create(NodeSchema, { id: "sidecar~1.2.3.4~a.b~b.svc.cluster.local" });
  const request = { type, nonce: "", subscribe: [], unsubscribe: [] };
  const [message] = new FrameReader().push(encodeRequest(request, node));
  assert.equal(fromBinary(DeltaDiscoveryRequestSchema, message ?? Buffer.alloc(0)).node?.id, node.id);
});
