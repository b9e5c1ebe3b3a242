/** Wire type of strings, bytes and messages. Source: https://protobuf.dev/programming-guides/encoding/#structure */
const lengthDelimited = 2;

/** A field of a protobuf message: a string, or bytes that are encoded already. */
export type Field = readonly [number: number, value: string | Uint8Array];

/**
 * Encodes a message whose fields are strings, bytes and messages that are encoded already. The size is worked out first,
 * so that bytes are copied once: responses are a megabyte, and there is one for each proxy.
 */
export function encodeFields(fields: readonly Field[]): Buffer {
  const buffer = Buffer.allocUnsafe(fields.reduce((sum, field) => sum + sizeOf(field), 0));
  let at = 0;
  for (const [number, value] of fields) {
    at = writeVarint(buffer, at, (number << 3) | lengthDelimited);
    at = writeVarint(buffer, at, lengthOf(value));
    if (typeof value === "string") buffer.write(value, at);
    else buffer.set(value, at);
    at += lengthOf(value);
  }
  return buffer;
}

function sizeOf([number, value]: Field): number {
  const length = lengthOf(value);
  return varintSize(number << 3) + varintSize(length) + length;
}

function lengthOf(value: string | Uint8Array): number {
  return typeof value === "string" ? Buffer.byteLength(value) : value.length;
}

function varintSize(value: number): number {
  let size = 1;
  for (let left = value >>> 7; left > 0; left >>>= 7) size++;
  return size;
}

/** Returns where what follows it is written. */
function writeVarint(buffer: Buffer, start: number, value: number): number {
  let [at, left] = [start, value];
  for (; left > 0x7f; left >>>= 7) at = buffer.writeUInt8((left & 0x7f) | 0x80, at);
  return buffer.writeUInt8(left, at);
}
