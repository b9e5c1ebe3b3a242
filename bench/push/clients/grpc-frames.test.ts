import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FrameReader, frame } from "./grpc-frames.ts";

describe("gRPC messages", () => {
  test("come out as they went in, however the bytes between are cut", () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 17 }), (sent, cut) => {
        const reader = new FrameReader();
        const bytes = Buffer.concat(sent.map(frame));
        const received: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += cut) received.push(...reader.push(bytes.subarray(at, at + cut)));
        assert.deepEqual(
          received,
          sent.map((message) => Buffer.from(message)),
        );
      }),
    );
  });
});
