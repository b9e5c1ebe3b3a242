import type { Due } from "./due.ts";
import type { EncodedResource } from "./view.ts";

/** What goes into one response. */
export interface Batch {
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
  /** Names among the resources that the client did not have before. */
  readonly added: readonly string[];
}

/** Which part of what is pending may be sent now. An answer that a name does not exist counts as an update. */
export type Part = "updates" | "removals" | "all";

/** How large a response may be, in bytes of resources. Removals take no room. */
export type Room =
  /** Nothing is sent when it would be larger. */
  | { readonly kind: "whole"; readonly bytes: number }
  /** What is larger is sent in parts of at most this size, or of one resource, each after the one before it is answered. */
  | { readonly kind: "parts"; readonly bytes: number };

export const unlimited: Room = { kind: "whole", bytes: Number.POSITIVE_INFINITY };

/** What may be sent of some names, and the names that this settles: those that are sent, and those of which there is nothing to say. */
export interface Taken extends Batch {
  readonly settled: readonly string[];
}

/** Says what may be sent of some names; "tooLarge" when there is no room for it. */
export function takeBatch(
  names: Iterable<string>,
  dueOf: (name: string) => Due,
  part: Part,
  room: Room,
): Taken | "tooLarge" {
  const resources: EncodedResource[] = [];
  const removed: string[] = [];
  const added: string[] = [];
  const settled: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const next = dueOf(name);
    if (!isAllowed(next, part)) continue;
    if (next.kind === "update") {
      bytes += next.resource.bytes.length;
      if (bytes > room.bytes && room.kind === "whole") return "tooLarge";
      if (bytes > room.bytes && resources.length > 0) continue;
      resources.push(next.resource);
    }
    settled.push(name);
    if (isNew(next)) added.push(name);
    if (next.kind === "removal" || next.kind === "missing") removed.push(name);
  }
  return { resources, removed, added, settled };
}

export function isEmpty({ resources, removed }: Batch): boolean {
  return resources.length === 0 && removed.length === 0;
}

export function isNew(next: Due): boolean {
  return next.kind === "update" && next.isNew;
}

function isAllowed(next: Due, part: Part): boolean {
  switch (next.kind) {
    case "nothing":
      return true;
    case "update":
    case "missing":
      return part !== "removals";
    case "removal":
      return part !== "updates";
  }
}
