import type { z } from "zod";
import { VolumeError } from "./volume-error.ts";

/** A pod has at most a few dozen containers and ranges; what is longer is not parsed at all. */
const maxBytes = 16 * 1024;

/**
 * Parses a volume attribute that anybody may have written.
 *
 * Errors: VolumeError `InvalidArgument` with the field and what is wrong with it.
 */
export function readJsonAttribute<T>(name: string, text: string, schema: z.ZodType<T>): T {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw wrong(`attribute "${name}" has ${bytes} bytes: at most ${maxBytes} are served`);
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = [name, ...(issue?.path ?? [])].join(".");
  throw wrong(`attribute "${field}" is wrong: ${issue?.message}: let the injector write it`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(detail: string): VolumeError {
  return new VolumeError("InvalidArgument", `cannot publish volume: ${detail}`);
}
