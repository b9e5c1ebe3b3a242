import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { DeltaDiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import fc from "fast-check";
import { decodeDeltaRequest } from "./delta-request.ts";

const text = fc.string({ unit: "grapheme", maxLength: 200 });

describe("a delta request", () => {
  test("is read as protobuf's own writer wrote it", () => {
    const request = fc.record({
      typeUrl: text,
      responseNonce: text,
      resourceNamesSubscribe: fc.array(text),
      resourceNamesUnsubscribe: fc.array(text),
      initialResourceVersions: fc.dictionary(text, text),
      errorDetail: fc.option(fc.record({ code: fc.integer({ min: 0, max: 16 }), message: text }), { nil: undefined }),
    });
    fc.assert(
      fc.property(request, ({ errorDetail, ...fields }) => {
        const message = create(
          DeltaDiscoveryRequestSchema,
          errorDetail === undefined ? fields : { ...fields, errorDetail },
        );
        const read = decodeDeltaRequest(Buffer.from(toBinary(DeltaDiscoveryRequestSchema, message)));
        const { typeUrl, responseNonce, resourceNamesSubscribe, resourceNamesUnsubscribe } = message;
        assert.deepEqual(
          { ...read, initialVersions: Object.entries(read.initialVersions) },
          {
            node: undefined,
            type: typeUrl,
            nonce: responseNonce,
            error: errorDetail?.message,
            subscribe: resourceNamesSubscribe,
            unsubscribe: resourceNamesUnsubscribe,
            initialVersions: Object.entries(fields.initialResourceVersions),
          },
        );
      }),
    );
  });

  test("is none when it is cut off anywhere but between two fields, or is not of UTF-8", () => {
    const whole = Buffer.from("1a03612f62220163", "hex");
    const lengths = Array.from({ length: whole.length + 1 }, (_, length) => length);
    const isRead = (bytes: Buffer): boolean => {
      try {
        return decodeDeltaRequest(bytes).subscribe.length >= 0;
      } catch {
        return false;
      }
    };
    assert.deepEqual(
      lengths.filter((length) => isRead(whole.subarray(0, length))),
      [0, 5, 8],
    );
    assert.equal(isRead(Buffer.from("1a01ff", "hex")), false);
    assert.equal(isRead(Buffer.from("2a040a03612f62", "hex")), false);
  });

  test("may have fields that we do not know, and names of what objects have", () => {
    const { subscribe, initialVersions } = decodeDeltaRequest(
      Buffer.from("1a016190030192030178" + "2a0e0a095f5f70726f746f5f5f120131", "hex"),
    );
    assert.deepEqual([subscribe, Object.entries(initialVersions)], [["a"], [["__proto__", "1"]]]);
  });
});
