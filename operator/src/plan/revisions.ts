import { labels as ownerLabels } from "@meshwright/contract/labels";
import type { CatalogueEntry } from "../api/catalogue.ts";
import { apiVersion, type MeshInstall } from "../api/mesh-install.ts";
import { type MeshRevision, revisionFinalizer } from "../api/mesh-revision.ts";
import type { MeshRevisionSpec } from "../api/mesh-revision-spec.ts";
import { components } from "../api/names.ts";
import type { Observed } from "../observe/types.ts";
import type { OperatorSettings } from "./installation.ts";
import { type Manifest, revisionLabels, stamped } from "./manifest.ts";
import type { Target } from "./target.ts";

/** A revision that is to be there. */
export interface WantedRevision {
  readonly name: string;
  readonly spec: MeshRevisionSpec;
  /** undefined: the operator no longer knows its version; whatever it consists of stays as it is. */
  readonly entry: CatalogueEntry | undefined;
  /** Its MeshRevision as it is; absent when it is yet to be made. */
  readonly current?: MeshRevision;
}

/**
 * The revisions that are to be there: those that are, and the one that is asked for. What the whole mesh shares, as its mutual
 * TLS, is the same for all; all else of a revision stays as it was when it was the one that was asked for.
 */
export function wantedRevisions(
  observed: Observed,
  target: Target,
  { catalogue }: OperatorSettings,
): readonly WantedRevision[] {
  const { install, revisions } = observed;
  const known = (version: string): CatalogueEntry | undefined => catalogue.find((entry) => entry.version === version);
  const existing = revisions.map((current): WantedRevision => {
    const { name } = current.metadata;
    if (target.kind === "held" || !isOf(install, current))
      return { name, spec: current.spec, entry: known(current.spec.version), current };
    if (name === target.name) return { name, spec: specOf(install, target.entry), entry: target.entry, current };
    const { mesh, ca } = install.spec;
    return { name, spec: { ...current.spec, mesh, ca }, entry: known(current.spec.version), current };
  });
  if (target.kind === "held" || existing.some(({ name }) => name === target.name)) return existing;
  return [...existing, { name: target.name, spec: specOf(install, target.entry), entry: target.entry }];
}

/** Whether an install has made a revision; one that somebody else made is never written to. */
export function isOf({ metadata }: MeshInstall, { metadata: { labels = {} } }: MeshRevision): boolean {
  return labels[ownerLabels.install] === metadata.name;
}

function specOf({ spec }: MeshInstall, { version }: CatalogueEntry): MeshRevisionSpec {
  const { namespace, controlPlane, proxy, injection, mesh, ca, images } = spec;
  return { version, namespace, controlPlane, proxy, injection, mesh, ca, images };
}

/** The MeshRevision of a revision. Its finalizer keeps it while anything uses it, and goes when all that it made is gone. */
export function revisionManifest(install: MeshInstall, { name, spec }: WantedRevision): Manifest {
  const { uid, name: owner } = install.metadata;
  return stamped({
    apiVersion,
    kind: "MeshRevision",
    metadata: {
      name,
      labels: revisionLabels({ name: owner, revision: name }, components.revision),
      finalizers: [revisionFinalizer],
      ownerReferences: [{ apiVersion, kind: install.kind, name: owner, uid, controller: true }],
    },
    spec,
  });
}
