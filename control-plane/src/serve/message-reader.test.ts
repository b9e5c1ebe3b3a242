import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { forgetMessage, headBytes, MessageReader, writeMessageHead } from "./message-reader.ts";

function messageHead(sizeBytes: number): Buffer {
  const head = Buffer.alloc(headBytes);
  writeMessageHead(head, sizeBytes);
  return head;
}

const framed = (text: string): Buffer => Buffer.concat([messageHead(text.length), Buffer.from(text)]);
const texts = (read: ReturnType<MessageReader["push"]>): unknown =>
  "kind" in read ? read : read.map((message) => message.toString());

describe("messages", () => {
  test("are cut out wherever what arrives is divided", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme-ascii" })), fc.array(fc.nat({ max: 40 })), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(framed));
        const reader = new MessageReader(100);
        const received: unknown[] = [];
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const size = (sizes[n % Math.max(1, sizes.length)] ?? 7) + 1;
          received.push(texts(reader.push(bytes.subarray(at, at + size))));
          at += size;
        }
        assert.deepEqual(received.flat(), sent);
        assert.equal(reader.heldBytes, 0);
      }),
    );
  });

  test("that are too large are refused before they arrive", () => {
    const reader = new MessageReader(10);
    assert.deepEqual(texts(reader.push(framed("0123456789"))), ["0123456789"]);
    assert.deepEqual(reader.push(messageHead(11)), { kind: "tooLarge", sizeBytes: 11 });
  });

  test("that are compressed are refused", () => {
    const head = messageHead(1);
    head.writeUInt8(1, 0);
    assert.deepEqual(new MessageReader(10).push(head), { kind: "compressed" });
  });

  test("that have begun are held, and nothing else is", () => {
    const reader = new MessageReader(10);
    reader.push(Buffer.concat([framed("abc"), framed("def").subarray(0, 6)]));
    assert.equal(reader.heldBytes, 6);
  });

  test("that come byte by byte are no more work to hold than to send", () => {
    const reader = new MessageReader(1_000_000);
    const bytes = framed("x".repeat(999_999));
    // To copy all of it with each byte would outlast the limit of a test.
    const received = [...bytes.keys()].flatMap((at) => texts(reader.push(bytes.subarray(at, at + 1))));
    assert.deepEqual(received, ["x".repeat(999_999)]);
  });

  test("that were read give their memory to those that come, and never while they are read", () => {
    const readers = Array.from({ length: 3 }, () => new MessageReader(100_000));
    const message = fc.record({ of: fc.nat(2), size: fc.integer({ min: 0, max: 70_000 }), isRead: fc.boolean() });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.integer({ min: 1_000, max: 70_000 }), (sent, partBytes) => {
        const unread: [Buffer, string][] = [];
        for (const [index, { of, size, isRead }] of sent.entries()) {
          const text = String.fromCharCode(97 + index).repeat(size);
          const bytes = Buffer.concat([framed(text), framed("")]);
          for (let at = 0; at < bytes.length; at += partBytes) {
            const read = readers[of]?.push(bytes.subarray(at, at + partBytes));
            assert.ok(Array.isArray(read));
            for (const each of read) if (each.length > 0 || size === 0) unread.push([each, text]);
          }
          for (const [each, expected] of unread) assert.equal(each.toString(), each.length === 0 ? "" : expected);
          if (isRead) for (const [each] of unread.splice(0)) forgetMessage(each);
        }
      }),
      { numRuns: 50 },
    );
  });
});
