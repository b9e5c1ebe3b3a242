import type { KubeClient } from "@meshwright/kube/client";
import { type KubeObject, keyOf } from "@meshwright/kube/types";
import type { Affected } from "../api/catalogue.ts";

/**
 * Lists the objects that an upgrade note is about, as `namespace/name`, sorted.
 * Errors: KubeError, `NotFound` when the API server does not have the kind.
 */
export async function listAffected(
  client: KubeClient,
  affects: Affected,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { apiVersion, kind, plural } = affects;
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  // Listed over all namespaces, a kind of a namespace and one of the cluster have the same address.
  const { items } = await client.list<KubeObject>({ group, version, kind, plural, namespaced: true }, { signal });
  return items
    .filter((object) => isAffected(object, affects))
    .map(keyOf)
    .toSorted();
}

/** Whether an object has the field that a note is about, and, where the note says one, that value. */
export function isAffected(object: KubeObject, { field, value }: Affected): boolean {
  if (field === undefined) return true;
  const found = field.split(".").reduce<unknown>((at, key) => valuesAt(at, key), object);
  const values = [found].flat(9).filter((each) => each !== undefined);
  return value === undefined ? values.length > 0 : values.includes(value);
}

/** A list stands for each of its elements. */
function valuesAt(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((each) => valuesAt(each, key));
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
