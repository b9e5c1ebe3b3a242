import type { OutgoingMessage } from "../message-writer.ts";

/** The bytes of a message, written into buffers of a size. */
export function wholeMessage(message: OutgoingMessage, sliceBytes = 1024): Buffer {
  const slices: Buffer[] = [];
  for (let slice = take(message, sliceBytes); slice.length > 0; slice = take(message, sliceBytes)) slices.push(slice);
  return Buffer.concat(slices);
}

function take(message: OutgoingMessage, sliceBytes: number): Buffer {
  const buffer = Buffer.alloc(sliceBytes);
  return buffer.subarray(0, message.writeInto(buffer, 0));
}
