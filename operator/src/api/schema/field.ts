import type { SchemaNode } from "./node.ts";

/**
 * A schema node together with the TypeScript type of its values, so that the type is derived and cannot drift.
 * `Optional` fields may be absent from a stored object; all others are required or defaulted by the API server.
 */
export interface Field<T, Optional extends boolean = boolean> {
  readonly node: SchemaNode;
  readonly optional: Optional;
  /** Never set: carries `T` for inference. */
  readonly shape?: T;
}

/** The type of a field's values. */
export type Infer<F> = F extends Field<infer T> ? T : never;

export type Properties = Readonly<Record<string, Field<unknown>>>;

type OptionalKeys<P extends Properties> = { [K in keyof P]: P[K]["optional"] extends true ? K : never }[keyof P];

/** The object type of a set of properties. */
export type InferProperties<P extends Properties> = {
  readonly [K in Exclude<keyof P, OptionalKeys<P>>]: Infer<P[K]>;
} & { readonly [K in OptionalKeys<P>]?: Infer<P[K]> };

/** Whether options make a field optional. */
export type IsOptional<O> = O extends { readonly optional: true } ? true : false;
