import type { ObjectNode, SchemaNode } from "./schema/node.ts";
import { withDefaults } from "./schema/with-defaults.ts";

type Values = Readonly<Record<string, unknown>>;

/** Who said what a field is. */
export type Source = "MeshInstall" | "Profile" | "Default";

/** One field of an effective spec. */
export interface EffectiveField {
  /** As `controlPlane.replicas`. */
  readonly field: string;
  readonly value: unknown;
  readonly source: Source;
}

/** What holds: what a user says over what the profile says over the defaults. Lists are taken whole, maps by key. */
export function effective(schema: ObjectNode, profile: Values, stated: Values): unknown {
  return withDefaults(schema, merged(profile, stated));
}

/** Every field that holds and where it comes from, in the order of the schema; one that nobody sets is left out. */
export function effectiveFields(schema: ObjectNode, profile: Values, stated: Values): readonly EffectiveField[] {
  return fields(schema, [stated, profile, record(effective(schema, profile, stated))], "");
}

const sources = ["MeshInstall", "Profile", "Default"] as const satisfies readonly Source[];

function fields(node: ObjectNode, layers: readonly Values[], prefix: string): readonly EffectiveField[] {
  return Object.entries(node.properties).flatMap(([name, child]) => {
    const inside = layers.map((layer) => layer[name]);
    if (isObject(child)) return fields(child, inside.map(record), `${prefix}${name}.`);
    if ("additionalProperties" in child) return entriesOf(inside.map(record), `${prefix}${name}.`);
    return field(`${prefix}${name}`, inside);
  });
}

/** Each key of a map may come from somewhere else. */
function entriesOf(layers: readonly Values[], prefix: string): readonly EffectiveField[] {
  return Object.keys(layers.at(-1) ?? {}).flatMap((key) =>
    field(
      `${prefix}${key}`,
      layers.map((layer) => layer[key]),
    ),
  );
}

/** The first of the layers that says anything is the source; the last has what holds. */
function field(path: string, layers: readonly unknown[]): readonly EffectiveField[] {
  const source = sources[layers.findIndex((value) => value !== undefined)];
  return source === undefined ? [] : [{ field: path, value: layers.at(-1), source }];
}

function merged(below: Values, above: Values): Values {
  const entries = Object.entries(above).map(([name, value]) => {
    const under = below[name];
    return [name, isRecord(under) && isRecord(value) ? merged(under, value) : value] as const;
  });
  return { ...below, ...Object.fromEntries(entries) };
}

function isObject(node: SchemaNode): node is ObjectNode {
  return "properties" in node;
}

function record(value: unknown): Values {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
