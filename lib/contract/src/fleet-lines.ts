import { z } from "zod";
import {
  type FleetLine,
  type FleetObject,
  type FleetRejection,
  type FleetType,
  maxRejectionChars,
  maxRejectionObjects,
  maxRejections,
} from "./fleet.ts";

export type ParsedFleetLine =
  | { readonly kind: "line"; readonly line: FleetLine }
  /** `detail` names the field. */
  | { readonly kind: "invalid"; readonly detail: string };

/** Node ids, names and DNs have their own limits; this one only bounds what a hostile replica could make us keep. */
const text = z.string().max(1024);

const object: z.ZodType<FleetObject> = z.object({
  apiVersion: text,
  kind: text,
  namespace: text.exactOptional(),
  name: text,
});

const rejection: z.ZodType<FleetRejection> = z.object({
  resource: text,
  version: text,
  message: z.string().max(maxRejectionChars),
  objects: z.array(object).max(maxRejectionObjects),
});

const type: z.ZodType<FleetType> = z.object({
  sent: text,
  acknowledged: text,
  waitingMs: z.number().min(0),
  isSettled: z.boolean(),
  rejected: z.array(rejection).max(maxRejections),
});

const line: z.ZodType<FleetLine> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("replica"), replica: text, revision: text, version: text, trustBundle: text }),
  z.object({
    kind: z.literal("proxy"),
    node: text,
    identity: text,
    namespace: text,
    pod: text,
    envoyVersion: text,
    // An earlier replica does not say it.
    version: text.default(""),
    connectedAt: text,
    certificate: z.object({ serial: text, issuer: text }),
    trustBundle: text,
    types: z.record(text, type),
  }),
  z.object({ kind: z.literal("end"), proxies: z.int().min(0) }),
]);

/**
 * Parses one line of a fleet view. Fields that it does not know are dropped, so that a newer replica can say more; one that
 * is missing or wrong makes the line invalid.
 */
export function parseFleetLine(json: string): ParsedFleetLine {
  const value = parseJson(json);
  if (value === undefined) return { kind: "invalid", detail: "the line is not JSON" };
  const parsed = line.safeParse(value);
  if (parsed.success) return { kind: "line", line: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: "invalid", detail: `${issue?.path.join(".") || "the line"}: ${issue?.message ?? "wrong"}` };
}

/** Renders one line, with its newline. */
export function renderFleetLine(value: FleetLine): string {
  return `${JSON.stringify(value)}\n`;
}

function parseJson(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    return undefined;
  }
}
