import { createHash } from "node:crypto";
import { labels } from "@meshwright/contract/labels";
import { appliedAnnotation, componentLabel, managedBy } from "../api/names.ts";

/** Whose an object is: it goes when that does. */
interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** A Kubernetes object as we want it: exactly the fields that the operator owns. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly OwnerReference[];
  };
  readonly [field: string]: unknown;
}

/** Stamps the digest of a manifest on it: the same for equal manifests, whatever order their fields were written in. */
export function stamped(manifest: Manifest): Manifest {
  const digest = createHash("sha256").update(JSON.stringify(manifest, withSortedKeys)).digest("hex").slice(0, 16);
  const annotations = { ...manifest.metadata.annotations, [appliedAnnotation]: digest };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Labels of a managed object: whose it is, and what. */
export function managedLabels(install: string, component: string): Readonly<Record<string, string>> {
  return {
    [labels.install]: install,
    [labels.managedBy]: managedBy,
    "app.kubernetes.io/part-of": "meshwright",
    [componentLabel]: component,
  };
}

/** Labels of an object of one revision. */
export function revisionLabels(
  { name, revision }: { readonly name: string; readonly revision: string },
  component: string,
): Readonly<Record<string, string>> {
  return { ...managedLabels(name, component), [labels.revision]: revision };
}

/** Identity of an object among all kinds. */
export function objectId(object: Pick<Manifest, "kind" | "metadata">): string {
  const { name, namespace } = object.metadata;
  return `${object.kind} "${namespace === undefined ? "" : `${namespace}/`}${name}"`;
}
