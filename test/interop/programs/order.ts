import type { ClientName } from "./catalog.ts";
import type { Seen, Target } from "./protocol.ts";

/** What a pod's program is told to do: one conversation, as a client. */
export interface Order {
  readonly id: number;
  readonly speak: ClientName;
  readonly target: Target;
}

/** What came of an order. */
export interface Result {
  readonly id: number;
  readonly outcome: Outcome;
}

export type Outcome =
  | { readonly kind: "answered"; readonly seen: Seen }
  /** A proxy or the server said no. */
  | { readonly kind: "status"; readonly status: number }
  /** The connection was refused, reset, closed or not answered. */
  | { readonly kind: "failed"; readonly detail: string };
