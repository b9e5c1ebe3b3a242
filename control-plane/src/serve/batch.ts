import { type Due, isUpdate } from "./due.ts";
import type { PendingNames } from "./pending-names.ts";
import { SizedList } from "./sized-list.ts";
import type { EncodedResource, ResourceMap } from "./view.ts";

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

/** What may be sent of the first so many names; those that are not kept are settled by it, also where there is nothing to say. */
interface Taken extends Batch {
  readonly visited: number;
  readonly kept: readonly string[];
}

/** Takes what may be sent of some pending names; "tooLarge" when there is no room for it, and nothing is taken then. */
export function takeBatch(
  pending: PendingNames,
  ofClient: { readonly resources: ResourceMap; readonly due: (name: string) => Due },
  part: Part,
  room: Room,
): Batch | "tooLarge" {
  const taken = whatFits(pending, ofClient, part, room);
  if (taken !== "tooLarge") pending.settle(taken.visited, taken.kept);
  return taken;
}

function whatFits(
  names: PendingNames,
  { resources: all, due }: Parameters<typeof takeBatch>[1],
  part: Part,
  room: Room,
): Taken | "tooLarge" {
  const resources = new SizedList<EncodedResource>(names.size);
  const removed: string[] = [];
  const added = new SizedList<string>(names.size);
  const kept: string[] = [];
  let visited = 0;
  let bytes = 0;
  names.visit((name) => {
    const next = due(name);
    const isTold = isAllowed(next, part);
    const resource = isTold && isUpdate(next) ? all.get(name) : undefined;
    bytes += resource?.bytes.length ?? 0;
    if (bytes > room.bytes && (room.kind === "whole" || resources.length > 0)) return false;
    visited++;
    if (!isTold) kept.push(name);
    if (resource !== undefined) resources.add(resource);
    if (isTold && next === "new") added.add(name);
    if (isTold && (next === "removal" || next === "missing")) removed.push(name);
    return true;
  });
  if (bytes > room.bytes && room.kind === "whole") return "tooLarge";
  return { resources: resources.done(), removed, added: added.done(), visited, kept };
}

export function isEmpty({ resources, removed }: Batch): boolean {
  return resources.length === 0 && removed.length === 0;
}

function isAllowed(next: Due, part: Part): boolean {
  switch (next) {
    case "nothing":
      return true;
    case "new":
    case "changed":
    case "missing":
      return part !== "removals";
    case "removal":
      return part !== "updates";
  }
}
