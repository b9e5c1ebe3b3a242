import type { SchemaNode } from "./node.ts";

/** Fills in what is left out, as the API server does; for tests and tools that have none. */
export function withDefaults(node: SchemaNode, value: unknown): unknown {
  const given = value === undefined ? node.default : value;
  if (!("type" in node)) return given;
  if (node.type === "array") return Array.isArray(given) ? given.map((item) => withDefaults(node.items, item)) : given;
  if (node.type !== "object" || !isRecord(given) || !("properties" in node)) return given;
  const filled = Object.entries(node.properties).map(
    ([name, child]) => [name, withDefaults(child, given[name])] as const,
  );
  return { ...given, ...Object.fromEntries(filled.filter(([, child]) => child !== undefined)) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
