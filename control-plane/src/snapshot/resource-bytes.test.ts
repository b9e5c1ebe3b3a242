import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { encode } from "@meshwright/xds-api/encode";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import fc from "fast-check";
import { resourceBytes } from "./resource-bytes.ts";

test("a resource in parts has the bytes of the whole one", () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), parts, (name, version, bytes) => {
      const value = Buffer.concat(bytes);
      fc.pre(value.length > 0);
      const resource = create(AnySchema, { typeUrl: typeUrls.route, value });
      const whole = encode(ResourceSchema, create(ResourceSchema, { name, version, resource }));
      assert.deepEqual(resourceBytes({ name, version, typeUrl: typeUrls.route }, bytes), whole);
    }),
  );
});
