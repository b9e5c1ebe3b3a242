import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Pieces are sent together once they have so many characters. */
const chunkChars = 64 * 1024;

/** The event loop also serves proxies: no turn makes pieces for longer than this. */
const turnMs = 5;

/**
 * Writes a body while it is made: as fast as the reader takes it, and a few milliseconds at a time.
 *
 * Errors: rejects when the signal is aborted, or what makes the pieces throws.
 */
export async function sendPieces(
  response: ServerResponse,
  pieces: Iterable<string>,
  signal: AbortSignal,
): Promise<void> {
  let chunk = "";
  let turnBegan = performance.now();
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= chunkChars) {
      await write(response, chunk, signal);
      chunk = "";
    }
    if (performance.now() - turnBegan < turnMs) continue;
    await nextTurn(undefined, { signal });
    turnBegan = performance.now();
  }
  response.end(chunk);
}

async function write(response: ServerResponse, chunk: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!response.write(chunk)) await once(response, "drain", { signal });
}
