/** A peer that sends no line end must not fill the memory. */
const maxLineBytes = 64 * 1024;

/** Splits a stream into lines, without their ends. Errors: throws at a line over 64 KiB, and passes on the stream's. */
export async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = parts.pop() ?? "";
    yield* parts;
    if (rest.length > maxLineBytes) throw new RangeError(`line is longer than ${maxLineBytes} bytes`);
  }
}
