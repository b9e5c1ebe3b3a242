import type { ContainerSpec } from "./container-spec.ts";
import type { Container } from "./pod.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A container with what a user declared for it. */
export type OverlaidContainer = Fields & { readonly name: string };

/** Istio's word for "the image that the mesh uses". */
const automaticImage = "auto";

/** Lists whose elements have a name of some kind: the user's element replaces ours of the same name. */
const keyedLists: Readonly<Record<string, string>> = { env: "name", ports: "containerPort", volumeMounts: "mountPath" };

/** Objects of which the user may set single fields. */
const mergedObjects: ReadonlySet<string> = new Set(["resources", "securityContext", "lifecycle"]);

/**
 * Lays the container `istio-proxy` that a user declared over ours: what the user says wins, what the user leaves out is
 * ours. A probe or hook is replaced whole, since it can have one handler only.
 */
export function overlay(ours: ContainerSpec, declared: Container): OverlaidContainer {
  const given = declaredFields(declared);
  const base: Fields = { ...ours };
  const merged = Object.entries(given).map(([field, value]) => [field, mergeField(field, base[field], value)]);
  return { ...base, ...Object.fromEntries(merged), name: ours.name };
}

/**
 * What the user means. The API server has filled in defaults before it asks: a pull policy that follows from the tag of
 * the image, here of "auto", and a policy for termination messages, which nobody sets to what it is anyway.
 */
function declaredFields(declared: Container): Fields {
  const { image, imagePullPolicy, terminationMessagePolicy, restartPolicy: _ours, ...fields }: Fields = { ...declared };
  const hasImage = typeof image === "string" && image !== "" && image !== automaticImage;
  return {
    ...fields,
    ...(hasImage && { image, ...(imagePullPolicy !== undefined && { imagePullPolicy }) }),
    ...(terminationMessagePolicy !== undefined && terminationMessagePolicy !== "File" && { terminationMessagePolicy }),
  };
}

function mergeField(field: string, ours: unknown, theirs: unknown): unknown {
  const key = keyedLists[field];
  if (key !== undefined && Array.isArray(ours) && Array.isArray(theirs)) return mergeLists(key, ours, theirs);
  if (field === "resources" && isFields(ours) && isFields(theirs)) return mergeResources(ours, theirs);
  return mergedObjects.has(field) && isFields(ours) && isFields(theirs) ? { ...ours, ...theirs } : theirs;
}

function mergeLists(key: string, ours: readonly unknown[], theirs: readonly unknown[]): readonly unknown[] {
  const keyOf = (element: unknown): unknown => (isFields(element) ? element[key] : undefined);
  const replaced = new Set(theirs.map(keyOf));
  return [...ours.filter((element) => !replaced.has(keyOf(element))), ...theirs];
}

/** Requests and limits by resource. */
function mergeResources(ours: Fields, theirs: Fields): Fields {
  const merged = Object.entries(theirs).map(([kind, amounts]) => {
    const base = ours[kind];
    return [kind, isFields(base) && isFields(amounts) ? { ...base, ...amounts } : amounts];
  });
  return { ...ours, ...Object.fromEntries(merged) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
