import type { EncodedResource } from "./view.ts";

/** Stands among a client's versions for a resource of which it was told that it does not exist. */
export const absent = "";

/** What a client still has to be told of one name. */
export type Due =
  | { readonly kind: "nothing" }
  | { readonly kind: "update"; readonly resource: EncodedResource; readonly isNew: boolean }
  | { readonly kind: "removal" }
  /** It asked by name for what does not exist; Envoy waits for this answer before it finishes initializing. */
  | { readonly kind: "missing" };

export interface DueInput {
  /** Whether the client wants it at all. */
  readonly isWanted: boolean;
  /** Whether it asked for it by name. */
  readonly isNamed: boolean;
  readonly resource: EncodedResource | undefined;
  /** Version the client has; `absent` or undefined: none. */
  readonly known: string | undefined;
  /** Version that it rejected. */
  readonly rejected: string | undefined;
}

/** Decides what one client is to be told of one name. */
export function due({ isWanted, isNamed, resource, known, rejected }: DueInput): Due {
  if (!isWanted) return { kind: "nothing" };
  if (resource === undefined) return dueWithoutResource(isNamed, known);
  if (resource.version === known || resource.version === rejected) return { kind: "nothing" };
  return { kind: "update", resource, isNew: known === undefined || known === absent };
}

function dueWithoutResource(isNamed: boolean, known: string | undefined): Due {
  if (known === absent) return { kind: "nothing" };
  if (known !== undefined) return { kind: "removal" };
  return isNamed ? { kind: "missing" } : { kind: "nothing" };
}
