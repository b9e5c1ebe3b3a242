import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { readText, visitFields } from "./wire-fields.ts";

type Value = { readonly number: number; readonly text: string } | { readonly number: number; readonly size: bigint };

function encoded(values: readonly Value[]): Buffer {
  const writer = new BinaryWriter();
  for (const value of values) {
    if ("text" in value) writer.tag(value.number, WireType.LengthDelimited).string(value.text);
    else writer.tag(value.number, WireType.Varint).uint64(value.size);
  }
  writer.tag(20, WireType.Bit64).double(1.5);
  writer.tag(21, WireType.Bit32).float(1.5);
  return Buffer.from(writer.finish());
}

const number = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2 ** 29 - 1 }));
const value = fc.oneof(
  fc.record({ number, text: fc.string({ unit: "grapheme", maxLength: 300 }) }),
  fc.record({ number, size: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
);

function texts(bytes: Buffer, start = 0, end = bytes.length): unknown {
  const found: unknown[] = [];
  visitFields(bytes, start, end, (field, from, to, fieldStart) => {
    assert.ok(fieldStart < from);
    found.push({ number: field, text: readText(bytes, from, to) });
  });
  return found;
}

describe("the fields of a message", () => {
  test("are visited in their order, others than strings passed over, also in a part of other bytes", () => {
    fc.assert(
      fc.property(fc.array(value), fc.uint8Array({ maxLength: 5 }), (values, around) => {
        const bytes = encoded(values);
        const expected = values
          .filter((each) => "text" in each)
          .map((each) => ({ ...each, text: Buffer.from(each.text).toString() }));
        const within = Buffer.concat([around, bytes, around]);
        assert.deepEqual(texts(bytes), expected);
        assert.deepEqual(texts(within, around.length, around.length + bytes.length), expected);
      }),
    );
  });

  test("of a message that is cut off are refused", () => {
    const bytes = encoded([{ number: 1, text: "abc" }]);
    for (const length of [1, 2, 4, bytes.length - 1]) assert.throws(() => texts(bytes, 0, length), RangeError);
  });

  test("of bytes that are no message are refused, whatever they are", () => {
    const wrong = [
      [0x02, 0x01, 0x61], // number 0
      [0x0b, 0x0c], // a group
      [0x0f, 0x00], // a type that there is not
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], // a length that is too long
      [0x08, 0xff, 0xff], // a number without an end
    ];
    for (const bytes of wrong) assert.throws(() => texts(Buffer.from(bytes)), RangeError, String(bytes));
  });
});
