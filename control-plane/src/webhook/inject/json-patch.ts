/** One operation of a JSON Patch. Source: RFC 6902 */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** Escapes one segment of a JSON Pointer. Source: RFC 6901, section 3 */
export function pointerSegment(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Adds to a map that may not be there. */
export function addToMap(
  path: string,
  existing: Readonly<Record<string, string>> | undefined,
  added: Readonly<Record<string, string>>,
): readonly PatchOperation[] {
  const entries = Object.entries(added);
  if (entries.length === 0) return [];
  if (existing === undefined) return [{ op: "add", path, value: added }];
  return entries.map(([name, value]) => ({ op: "add", path: `${path}/${pointerSegment(name)}`, value }));
}

/** Puts values in front of a list that may not be there. */
export function prepend(
  path: string,
  existing: readonly unknown[] | undefined,
  values: readonly unknown[],
): readonly PatchOperation[] {
  if (values.length === 0) return [];
  if (existing === undefined) return [{ op: "add", path, value: values }];
  return values.map((value, index) => ({ op: "add", path: `${path}/${index}`, value }));
}

/** Puts values at the end of a list that may not be there. */
export function append(
  path: string,
  existing: readonly unknown[] | undefined,
  values: readonly unknown[],
): readonly PatchOperation[] {
  if (values.length === 0) return [];
  if (existing === undefined) return [{ op: "add", path, value: values }];
  return values.map((value) => ({ op: "add", path: `${path}/-`, value }));
}
