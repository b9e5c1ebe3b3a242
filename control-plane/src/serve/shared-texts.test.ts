import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SharedTexts } from "./shared-texts.ts";

test("a text is read from its bytes, whatever was read before and stands around it", () => {
  const texts = new SharedTexts();
  const some = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.constantFrom("a", "b", "x".repeat(600)));
  fc.assert(
    fc.property(some, some, some, (before, text, after) => {
      const bytes = Buffer.from(before + text + after);
      const start = Buffer.byteLength(before);
      assert.equal(texts.read(bytes, start, start + Buffer.byteLength(text)), Buffer.from(text).toString());
    }),
  );
});

test("bytes that are no UTF-8 are refused", () => {
  const bytes = Buffer.from([0x61, 0xff, 0x62]);
  assert.throws(() => new SharedTexts().read(bytes, 0, 3), TypeError);
});
