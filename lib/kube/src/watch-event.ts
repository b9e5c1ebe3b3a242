/** A change of the watched set, in order; `synced` comes once, after the first full list was handed over. */
export type WatchEvent<T> =
  | { readonly kind: "upsert"; readonly object: T; readonly previous?: T }
  | { readonly kind: "delete"; readonly object: T }
  | { readonly kind: "synced" };
