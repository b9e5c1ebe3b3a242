import type { ObjectNode, SchemaNode } from "./node.ts";

/**
 * The schema as the API server is to have it: it fills in the defaults of the fields that are named, as `mesh.trustDomain`, and
 * of lists' items. All other defaults are ours to fill in, so that what a user said can be told from what nobody said.
 */
export function storedSchema(node: ObjectNode, persisted: ReadonlySet<string>): ObjectNode {
  const { default: filledIn, ...rest } = node;
  const kept = persisted.size > 0 && filledIn !== undefined ? { default: filledIn } : {};
  return { ...rest, ...own(rest, "", persisted), ...kept };
}

function own(
  { properties }: ObjectNode,
  prefix: string,
  persisted: ReadonlySet<string>,
): Pick<ObjectNode, "properties"> {
  const entries = Object.entries(properties).map(
    ([name, child]) => [name, stored(child, `${prefix}${name}`, persisted)] as const,
  );
  return { properties: Object.fromEntries(entries) };
}

/** An object's default `{}` stays where something inside has a default: only then is anything filled in there. */
function stored(node: SchemaNode, path: string, persisted: ReadonlySet<string>): SchemaNode {
  const { default: filledIn, ...rest } = node;
  const isKept = [...persisted].some((each) => each === path || each.startsWith(`${path}.`));
  const kept = isKept && filledIn !== undefined ? { default: filledIn } : {};
  if (!("properties" in rest)) return { ...rest, ...kept };
  return { ...rest, ...own(rest, `${path}.`, persisted), ...kept };
}
