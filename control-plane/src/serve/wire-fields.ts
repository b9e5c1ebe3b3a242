import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Where something stands in a message, in bytes from its beginning. */
export interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Visits the strings, bytes and messages of an encoded message, in their order; fields of other types are passed over.
 * The message may be a part of another.
 *
 * Errors: throws on bytes that are no message.
 */
export function visitFields(
  bytes: Buffer,
  { start, end }: Range,
  visit: (number: number, content: Range) => void,
): void {
  const reader = new BinaryReader(bytes);
  reader.pos = start;
  while (reader.pos < end) {
    const [number, type] = reader.tag();
    if (type !== WireType.LengthDelimited) {
      reader.skip(type, number);
      continue;
    }
    const size = reader.uint32();
    const content = { start: reader.pos, end: reader.pos + size };
    if (content.end > end) throw new RangeError("a field of the message is cut off");
    reader.pos = content.end;
    visit(number, content);
  }
  if (reader.pos !== end) throw new RangeError("the message is cut off");
}

/** Stands for bytes that are no text; it is also a character. */
const replacement = "\ufffd";
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a string. Errors: throws on bytes that are not UTF-8. */
export function readText(bytes: Buffer, { start, end }: Range): string {
  const text = bytes.toString("utf8", start, end);
  return text.includes(replacement) ? strictDecoder.decode(bytes.subarray(start, end)) : text;
}
