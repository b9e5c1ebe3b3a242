import type { ObjectNode, Rule, SchemaNode } from "@meshwright/operator/api/schema/node";

/** One field as the reference shows it. All but `path` is Markdown. */
export interface FieldRow {
  /** From the section's object on, as `resources.limits` or `tolerations[].key`. */
  readonly path: string;
  readonly type: string;
  /** Empty when there is none, or when the defaults of the fields inside are all of it. */
  readonly default: string;
  readonly constraints: string;
  readonly description: string;
}

/** Every field of an object, depth first, in the order of the schema. */
export function fieldRows({ properties, required = [] }: ObjectNode, prefix = ""): readonly FieldRow[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const path = prefix + name;
    return [row(path, node, required.includes(name)), ...inner(node, path)];
  });
}

/** Tells objects of known fields from maps. */
export function isObject(node: SchemaNode): node is ObjectNode {
  return "properties" in node;
}

function row(path: string, node: SchemaNode, isRequired: boolean): FieldRow {
  return {
    path,
    type: typeOf(node),
    default: defaultOf(node),
    constraints: [...(isRequired ? ["required"] : []), ...limits(node), ...rules(node)].join("; "),
    description: node.description,
  };
}

function inner(node: SchemaNode, path: string): readonly FieldRow[] {
  if (isObject(node)) return fieldRows(node, `${path}.`);
  return "items" in node && isObject(node.items) ? fieldRows(node.items, `${path}[].`) : [];
}

function typeOf(node: SchemaNode): string {
  if (!("type" in node)) return "quantity";
  if (node.type === "array") return `list of ${typeOf(node.items)}`;
  if (node.type === "object")
    return "additionalProperties" in node ? `map to ${typeOf(node.additionalProperties)}` : "object";
  return "format" in node && node.format === "date-time" ? "time" : node.type;
}

function defaultOf(node: SchemaNode): string {
  return node.default === undefined || isObject(node) ? "" : code(JSON.stringify(node.default));
}

/** What the API server checks by itself. */
function limits(node: SchemaNode): readonly string[] {
  if (!("type" in node)) return [];
  switch (node.type) {
    case "string":
      return [...choices(node.enum), ...bounds("characters", node.minLength, node.maxLength), ...pattern(node.pattern)];
    case "integer":
      return bounds("", node.minimum, node.maximum);
    case "array":
      return [
        ...bounds("items", undefined, node.maxItems),
        ...(node["x-kubernetes-list-type"] === "set" ? ["no item twice"] : []),
        ...limits(node.items).map((limit) => `each: ${limit}`),
      ];
    case "object":
      return "maxProperties" in node ? bounds("entries", undefined, node.maxProperties) : [];
    case "boolean":
      return [];
  }
}

function choices(values: readonly string[] | undefined): readonly string[] {
  return values === undefined ? [] : [`one of ${values.map(code).join(", ")}`];
}

function pattern(source: string | undefined): readonly string[] {
  return source === undefined ? [] : [`matches ${code(source)}`];
}

function bounds(unit: string, least: number | undefined, most: number | undefined): readonly string[] {
  const of = unit === "" ? "" : ` ${unit}`;
  if (least !== undefined && most !== undefined) return [`${least} to ${most}${of}`];
  if (least !== undefined) return [`at least ${least}${of}`];
  return most === undefined ? [] : [`at most ${most}${of}`];
}

function rules(node: SchemaNode): readonly string[] {
  return (node["x-kubernetes-validations"] ?? []).map((rule) => (isImmutable(rule) ? "**immutable**" : rule.message));
}

function isImmutable({ rule }: Rule): boolean {
  return rule === "self == oldSelf";
}

function code(text: string): string {
  return `\`${text}\``;
}
