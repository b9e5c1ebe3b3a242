import { KubeError } from "./kube-error.ts";
import { apiVersionOf, type KubeObject, type ResourceType } from "./types.ts";

/**
 * Takes an object from an answer: sets `apiVersion` and `kind`, which items of a list lack, and drops `managedFields`,
 * which is half of many an object's size and which nobody here reads.
 *
 * Errors: `Unexpected` when it is no object with metadata. The fields beyond are what the server's schema says.
 */
export function readObject<T extends KubeObject>(type: ResourceType<T>, value: unknown): T {
  if (!isRecord(value) || !isRecord(value["metadata"])) {
    throw new KubeError(
      "Unexpected",
      `cannot read ${type.kind}: the API server's answer is not an object with metadata`,
    );
  }
  const { managedFields: _dropped, ...metadata } = value["metadata"];
  const object: unknown = { ...value, apiVersion: apiVersionOf(type), kind: type.kind, metadata };
  return object as T; // the server has checked it against the type's schema
}

/** Tells whether a value of JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
