import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  DeltaDiscoveryResponseSchema,
  ResourceSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { encodeDeltaResponse } from "./delta-response.ts";
import { wholeMessage } from "./testdata/whole-message.ts";

/** A resource whose encoding is of about this length. */
function resource(name: string, length: number) {
  const message = create(ResourceSchema, { name, version: "v".repeat(length) });
  return { name, version: message.version, bytes: toBinary(ResourceSchema, message), origins: [] };
}

function decoded(lengths: readonly number[], removed: readonly string[] = []) {
  const resources = lengths.map((length, index) => resource(`r-${index}`, length));
  const response = { type: typeUrls.cluster, nonce: "7", resources, removed, added: [] };
  return fromBinary(DeltaDiscoveryResponseSchema, wholeMessage(encodeDeltaResponse(response)));
}

describe("an encoded delta response", () => {
  test("says type, nonce, and what is gone", () => {
    const { typeUrl, nonce, removedResources } = decoded([], ["a", "b"]);
    assert.deepEqual([typeUrl, nonce, removedResources], [typeUrls.cluster, "7", ["a", "b"]]);
  });

  test("carries each resource as it was encoded, whatever number of bytes its length takes", () => {
    const lengths = [0, 1, 100, 110, 115, 120, 127, 128, 300, 16_300, 16_384, 2_097_100, 2_097_160];
    const { resources } = decoded(lengths);
    assert.deepEqual(
      resources.map(({ name, version }) => [name, version.length]),
      lengths.map((length, index) => [`r-${index}`, length]),
    );
  });
});
