import { parseAllDocuments } from "yaml";
import { KuttlError } from "./kuttl-error.ts";

/** A Kubernetes object as a suite states it: to apply, or as the part of an object that must (not) be there. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  readonly [field: string]: unknown;
}

interface ManifestMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * Parses the documents of a YAML file; empty ones are left out.
 *
 * Errors: KuttlError `InvalidSuite` with file, line and column.
 */
export function parseManifests(file: string, text: string): readonly Manifest[] {
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new KuttlError("InvalidSuite", `cannot load ${file}: ${error.message}`);
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [readManifest(file, value)];
  });
}

/** Names an object in messages: `Pod "shop/web"`; without a name any object of the kind is meant. */
export function describeManifest(manifest: Manifest): string {
  const { name, namespace } = manifest.metadata;
  if (name === undefined) return `any ${manifest.kind}${namespace === undefined ? "" : ` in "${namespace}"`}`;
  return `${manifest.kind} "${namespace === undefined ? name : `${namespace}/${name}`}"`;
}

function readManifest(file: string, value: unknown): Manifest {
  if (!isRecord(value)) throw new KuttlError("InvalidSuite", `cannot load ${file}: a document is not an object`);
  const { apiVersion, kind, metadata = {} } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    throw new KuttlError("InvalidSuite", `cannot load ${file}: a document has no apiVersion or no kind; set both`);
  }
  if (!isRecord(metadata)) throw new KuttlError("InvalidSuite", `cannot load ${file}: ${kind}'s metadata is no object`);
  return { ...value, apiVersion, kind, metadata };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
