import type { Order } from "./application.ts";

/** Looks a name up as most programs do; family 0: both. */
export function lookup(name: string, family: 0 | 4 | 6 = 0): Order {
  return { kind: "lookup", name, family };
}

/** Asks one question. */
export function query(type: (Order & { readonly kind: "query" })["type"], name: string): Order {
  return { kind: "query", type, name };
}
