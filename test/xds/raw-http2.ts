import { callHeaders } from "./http2-client.ts";

/** Frames of HTTP/2 by hand, for what no client library sends. Source: RFC 9113, section 4 and 6. */
const frameType = { headers: 1, reset: 3, settings: 4, continuation: 9 } as const;
const flag = { acknowledged: 1, endOfHeaders: 4 } as const;

/** What a client begins with: the preface, its settings, and the acknowledgement of the server's. */
export const hello = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  frame(frameType.settings, 0, 0),
  frame(frameType.settings, flag.acknowledged, 0),
]);

/** Opens the n-th call of a client, from 0. */
export function opened(call: number): Buffer {
  return frame(frameType.headers, flag.endOfHeaders, streamId(call), headerBlock);
}

/** Resets the n-th call. */
export function reset(call: number): Buffer {
  const cancel = Buffer.from([0, 0, 0, 8]);
  return frame(frameType.reset, 0, streamId(call), cancel);
}

/** Opens a call whose headers have not ended. */
export function beginning(call: number): Buffer {
  return frame(frameType.headers, 0, streamId(call), headerBlock);
}

/** More headers of a call that have not ended either. */
export function continued(call: number): Buffer {
  return frame(frameType.continuation, 0, streamId(call), literal("x-flood", "y".repeat(100)));
}

function streamId(call: number): number {
  return 2 * call + 1;
}

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Headers spelt out one by one, without compression. Source: RFC 7541, section 6.2.2. */
const headerBlock = Buffer.concat(
  Object.entries({ ...callHeaders, ":scheme": "https", ":authority": "localhost" })
    .toSorted(([a], [b]) => Number(b.startsWith(":")) - Number(a.startsWith(":")))
    .map(([name, value]) => literal(name, value)),
);

function literal(name: string, value: string): Buffer {
  const text = (part: string): Buffer => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]);
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}
