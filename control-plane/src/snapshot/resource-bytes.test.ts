import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { encode } from "@meshwright/xds-api/encode";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import fc from "fast-check";
import { resourceBytes } from "./resource-bytes.ts";

test("a resource around encoded content has the bytes that the general encoder gives it", () => {
  const text = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(text, text, fc.uint8Array({ minLength: 1, maxLength: 300 }), (name, version, value) => {
      const resource = create(AnySchema, { typeUrl: typeUrls.route, value });
      const whole = encode(ResourceSchema, create(ResourceSchema, { name, version, resource }));
      assert.deepEqual(resourceBytes({ name, version, typeUrl: typeUrls.route }, value), whole);
    }),
  );
});
