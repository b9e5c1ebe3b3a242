import type { Catalogue, CatalogueEntry } from "../../api/catalogue.ts";
import type { MeshInstall } from "../../api/mesh-install.ts";
import type { MeshRevision } from "../../api/mesh-revision.ts";
import { resolveVersion } from "./resolve.ts";

/**
 * The version that an install asks for and of which there is no revision yet. undefined: it is installed, perhaps as one to go
 * back to; or nothing is installed that a change could hurt; or the operator does not know it.
 */
export function pendingVersion(
  { spec }: Pick<MeshInstall, "spec">,
  revisions: readonly Pick<MeshRevision, "spec">[],
  catalogue: Catalogue,
): CatalogueEntry | undefined {
  const entry = resolveVersion(spec.version, catalogue);
  if (entry === undefined || revisions.length === 0) return undefined;
  return revisions.some((revision) => revision.spec.version === entry.version) ? undefined : entry;
}
