import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { type Field, MessageWriter } from "./message-writer.ts";
import { wholeMessage } from "./testdata/whole-message.ts";

const value = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.uint8Array({ maxLength: 300 }),
  fc.record({ bytes: fc.uint8Array({ maxLength: 300 }) }),
  fc.constant("x".repeat(20_000)),
);
const field = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.array(value, { maxLength: 5 }));

test("a message is encoded as protobuf's own writer does it, whatever the buffers that it is written into", () => {
  fc.assert(
    fc.property(fc.array(field), fc.integer({ min: 1, max: 30_000 }), (fields: readonly Field[], sliceBytes) => {
      const expected = encoded(fields);
      const message = new MessageWriter(fields);
      assert.equal(message.sizeBytes, expected.length);
      assert.deepEqual(new Uint8Array(wholeMessage(message, sliceBytes)), expected);
    }),
  );
});

test("a message begins where it is told to", () => {
  const buffer = Buffer.from("head....");
  assert.equal(new MessageWriter([[1, ["ab"]]]).writeInto(buffer, 4), 8);
  assert.deepEqual(buffer, Buffer.from("head\n\u0002ab"));
});

function encoded(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, values] of fields)
    for (const content of values) {
      writer.tag(number, WireType.LengthDelimited);
      if (typeof content === "string") writer.string(content.toWellFormed());
      else writer.bytes(content instanceof Uint8Array ? content : content.bytes);
    }
  return writer.finish();
}
