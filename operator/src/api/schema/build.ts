import type { Field, InferProperties, IsOptional, Properties } from "./field.ts";
import type { IntegerNode, ObjectNode, Rule, StringNode } from "./node.ts";

/** What every field takes. A field is required unless it has a default or is optional. */
interface Options<T> {
  /** One or more sentences for users: what it does, its unit, its default if that is computed. */
  readonly description: string;
  readonly default?: T;
  readonly optional?: true;
  readonly rules?: readonly Rule[];
}

type StringOptions = Options<string> & Pick<StringNode, "pattern" | "minLength" | "maxLength" | "format">;
type IntegerOptions = Options<number> & Pick<IntegerNode, "minimum" | "maximum">;
interface ListOptions extends Options<readonly never[]> {
  readonly maxItems?: number;
  readonly listType?: "atomic" | "set";
  /** Makes the list a map keyed by these fields. */
  readonly mapKeys?: readonly string[];
}

export function string<const O extends StringOptions>(options: O): Field<string, IsOptional<O>> {
  const { pattern, minLength, maxLength, format } = options;
  return field<string, O>(options, {
    type: "string",
    ...present({ format, pattern, minLength, maxLength }),
    ...common(options),
  });
}

/** A closed choice of strings. */
export function choice<const V extends string, const O extends Options<V>>(
  values: readonly V[],
  options: O,
): Field<V, IsOptional<O>> {
  return field<V, O>(options, { type: "string", enum: values, ...common(options) });
}

export function integer<const O extends IntegerOptions>(options: O): Field<number, IsOptional<O>> {
  const { minimum, maximum } = options;
  return field<number, O>(options, {
    type: "integer",
    format: "int32",
    ...present({ minimum, maximum }),
    ...common(options),
  });
}

/** A generation or another counter of the API server. */
export function counter<const O extends IntegerOptions>(options: O): Field<number, IsOptional<O>> {
  return field<number, O>(options, { type: "integer", format: "int64", minimum: 0, ...common(options) });
}

export function boolean<const O extends Options<boolean>>(options: O): Field<boolean, IsOptional<O>> {
  return field<boolean, O>(options, { type: "boolean", ...common(options) });
}

/** Source of the pattern: the documentation of resource.Quantity, https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantityPattern = "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?[0-9]+))?$";

/** A Kubernetes quantity. */
export function quantity<const O extends Options<string>>(options: O): Field<string | number, IsOptional<O>> {
  return field<string | number, O>(options, {
    anyOf: [{ type: "integer" }, { type: "string" }],
    pattern: quantityPattern,
    "x-kubernetes-int-or-string": true,
    ...common(options),
  });
}

export function list<T, const O extends ListOptions>(items: Field<T>, options: O): Field<readonly T[], IsOptional<O>> {
  const { maxItems, mapKeys, listType } = options;
  const kind = mapKeys === undefined ? (listType ?? "atomic") : "map";
  return field<readonly T[], O>(options, {
    type: "array",
    items: items.node,
    ...present({ maxItems }),
    "x-kubernetes-list-type": kind,
    ...present({ "x-kubernetes-list-map-keys": mapKeys }),
    ...common(options),
  });
}

export function map<T, const O extends Options<Readonly<Record<string, never>>> & { readonly maxProperties?: number }>(
  values: Field<T>,
  options: O,
): Field<Readonly<Record<string, T>>, IsOptional<O>> {
  const { maxProperties } = options;
  return field<Readonly<Record<string, T>>, O>(options, {
    type: "object",
    additionalProperties: values.node,
    ...present({ maxProperties }),
    ...common(options),
  });
}

/**
 * An object of known fields; unknown ones are pruned by the API server. One whose fields all have defaults or are
 * optional is itself defaulted to `{}`, so that the defaults inside take effect when the whole object is left out.
 */
export function object<P extends Properties, const O extends Omit<Options<never>, "default">>(
  properties: P,
  options: O,
): Field<InferProperties<P>, IsOptional<O>> & { readonly node: ObjectNode } {
  const entries = Object.entries(properties);
  const required = entries.filter(([, f]) => !f.optional && f.node.default === undefined).map(([name]) => name);
  const defaulted = required.length === 0 && options.optional !== true;
  const node = {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, f]) => [name, f.node])),
    ...(required.length > 0 ? { required } : {}),
    ...common(defaulted ? { ...options, default: {} } : options),
  } as const;
  return { ...field<InferProperties<P>, O>(options, node), node };
}

function field<T, O extends { readonly optional?: true }>(options: O, node: Field<T>["node"]): Field<T, IsOptional<O>> {
  // The compiler does not evaluate a conditional type over a type parameter; the value is what the type says.
  return { node, optional: (options.optional === true) as IsOptional<O> };
}

function common(options: Options<unknown>): {
  description: string;
  default?: unknown;
  "x-kubernetes-validations"?: readonly Rule[];
} {
  const { description, rules } = options;
  return { description, ...present({ default: options.default, "x-kubernetes-validations": rules }) };
}

/** Drops the keys that are undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
