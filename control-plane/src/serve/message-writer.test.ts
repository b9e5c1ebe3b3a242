import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { encodeFields, type Field } from "./message-writer.ts";

test("a message is encoded as protobuf's own writer does it", () => {
  const value = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 300 }),
    fc.constant("x".repeat(20_000)),
  );
  const field = fc.tuple(fc.integer({ min: 1, max: 200 }), value);
  fc.assert(
    fc.property(fc.array(field), (fields: readonly Field[]) => {
      const writer = new BinaryWriter();
      for (const [number, content] of fields) {
        writer.tag(number, WireType.LengthDelimited);
        if (typeof content === "string") writer.string(content.toWellFormed());
        else writer.bytes(content);
      }
      assert.deepEqual(new Uint8Array(encodeFields(fields)), writer.finish());
    }),
  );
});
