import type { MeshRevisionSpec } from "./mesh-revision-spec.ts";
import type { MeshRevisionStatus } from "./mesh-revision-status.ts";
import type { MeshRevisionTagSpec } from "./mesh-revision-tag-spec.ts";
import type { MeshRevisionTagStatus } from "./mesh-revision-tag-status.ts";

interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** A MeshRevision as the API server returns it. */
export interface MeshRevision {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: MeshRevisionSpec;
  readonly status?: MeshRevisionStatus;
}

/** A MeshRevisionTag as the API server returns it. */
export interface MeshRevisionTag {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: MeshRevisionTagSpec;
  readonly status?: MeshRevisionTagStatus;
}

/** Keeps a revision that nobody uses: `"true"`. */
export const keepAnnotation = "meshwright.dev/keep";

/** Held while anything of the revision is left to remove. */
export const revisionFinalizer = "meshwright.dev/revision";
