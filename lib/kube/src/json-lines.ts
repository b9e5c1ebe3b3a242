import type { Readable } from "node:stream";

export interface JsonLinesOptions {
  /** A longer line ends the stream with an error: it cannot be one object. */
  readonly maxLineBytes: number;
  /** Without a byte for so long, the connection counts as dead. */
  readonly idleMs: number;
}

/** No byte came for longer than a live connection stays silent. */
export class IdleError extends Error {
  override readonly name = "IdleError";
}

/**
 * Reads a stream of JSON documents, one per line. A last line without its end is dropped: it was cut short.
 *
 * Errors: IdleError; SyntaxError for a line that is not JSON; RangeError for one that is too long; the stream's own.
 */
export async function* jsonLines(
  stream: Readable,
  { maxLineBytes, idleMs }: JsonLinesOptions,
): AsyncGenerator<unknown, void, undefined> {
  const idle = setTimeout(() => stream.destroy(new IdleError(`no byte for ${idleMs} ms`)), idleMs);
  const line: Buffer[] = [];
  let lineBytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      idle.refresh();
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        line.push(chunk.subarray(start, end));
        start = end + 1;
        yield JSON.parse(takeText(line));
        lineBytes = 0;
      }
      line.push(chunk.subarray(start));
      lineBytes += chunk.length - start;
      if (lineBytes > maxLineBytes) throw new RangeError(`a line is longer than ${maxLineBytes} bytes`);
    }
  } finally {
    clearTimeout(idle);
    stream.destroy();
  }
}

const newline = "\n".charCodeAt(0);

/** Bytes, not text, are joined: a character may be split between chunks. */
function takeText(line: Buffer[]): string {
  return Buffer.concat(line.splice(0)).toString("utf8");
}
