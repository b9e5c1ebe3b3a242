import type { IncomingMessage } from "node:http";
import { RequestError } from "./request-error.ts";

/** The API server's own limit for an object in etcd is 1.5 MiB; a review holds at most two of them. */
export const maxBodyBytes = 3 * 1024 * 1024;

/**
 * Reads a request's body as text.
 *
 * Errors: `BodyTooLarge` as soon as the limit is passed, `BadRequest` for a body that ends early or is not UTF-8.
 */
export async function readBody(request: IncomingMessage, limitBytes = maxBodyBytes): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new RequestError("BadRequest", "cannot read the body: it ended early", { cause });
  }
  if (sizeBytes > limitBytes) throw new RequestError("BodyTooLarge", `body is larger than ${limitBytes} bytes`);
  return decode(Buffer.concat(chunks));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RequestError("BadRequest", "body is not UTF-8", { cause });
  }
}
