import type { ObjectNode, SchemaNode } from "@meshwright/operator/api/schema/node";
import { z } from "zod";

const values = z.record(z.string(), z.unknown());
export type Values = z.infer<typeof values>;

/**
 * Checks that a profile sets only what a MeshInstall has: a field that nobody knows would be dropped in silence.
 *
 * Errors: an Error that names the profile and the field.
 */
export function readProfile(name: string, parsed: unknown, schema: ObjectNode): Values {
  const profile = values.parse(parsed ?? {});
  const [stranger] = strangers(schema, profile, "");
  if (stranger !== undefined) throw new Error(`cannot use profile "${name}": no MeshInstall has a field "${stranger}"`);
  return profile;
}

function strangers(node: SchemaNode, value: unknown, path: string): readonly string[] {
  if (!("properties" in node)) return [];
  const given = values.safeParse(value);
  if (!given.success) return [path];
  return Object.entries(given.data).flatMap(([name, inside]) => {
    const child = node.properties[name];
    const at = path === "" ? name : `${path}.${name}`;
    return child === undefined ? [at] : strangers(child, inside, at);
  });
}
