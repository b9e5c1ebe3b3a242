import type { EncodedResource } from "./view.ts";

/** Stands among a client's versions for a resource of which it was told that it does not exist. */
export const absent = "";

/** What a client still has to be told of one name. */
export type Due =
  | "nothing"
  /** A resource that it does not have. */
  | "new"
  /** Another version of a resource that it has. */
  | "changed"
  | "removal"
  /** It asked by name for what does not exist; Envoy waits for this answer before it finishes initializing. */
  | "missing";

/**
 * Decides what one client is to be told of one name that it wants. Asked for each name of each proxy, so that nothing is
 * made for the answer.
 *
 * @param isNamed whether it asked for it by name
 * @param known version that the client has; `absent` or undefined: none
 * @param rejected version that it rejected
 */
export function due(
  resource: EncodedResource | undefined,
  isNamed: boolean,
  known: string | undefined,
  rejected: string | undefined,
): Due {
  if (resource === undefined) return dueWithoutResource(isNamed, known);
  if (resource.version === known || resource.version === rejected) return "nothing";
  return known === undefined || known === absent ? "new" : "changed";
}

function dueWithoutResource(isNamed: boolean, known: string | undefined): Due {
  if (known === absent) return "nothing";
  if (known !== undefined) return "removal";
  return isNamed ? "missing" : "nothing";
}

/** Whether a resource is to be sent. */
export function isUpdate(next: Due): boolean {
  return next === "new" || next === "changed";
}
