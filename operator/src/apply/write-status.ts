import { isDeepStrictEqual } from "node:util";
import type { KubeClient } from "@meshwright/kube/client";
import { meshInstallType } from "../api/managed-types.ts";
import { apiVersion, type MeshInstall } from "../api/mesh-install.ts";
import type { MeshInstallStatus } from "../api/mesh-install-status.ts";
import { managedBy } from "../api/names.ts";

/**
 * Writes a status where it differs from what the API server has.
 *
 * Guarantees: writes nothing when nothing changed. The uid keeps it from touching another MeshInstall of the same name.
 */
export async function writeStatus(
  client: KubeClient,
  install: MeshInstall,
  status: MeshInstallStatus,
  signal: AbortSignal,
): Promise<void> {
  if (isDeepStrictEqual(normal(install.status), normal(status))) return;
  const { name, uid } = install.metadata;
  const object = { apiVersion, kind: meshInstallType.kind, metadata: { name, uid }, status };
  await client.apply(meshInstallType, object, { fieldManager: managedBy, force: true, subresource: "status", signal });
}

/** Drops prototypes and key order of what was parsed and what was built. */
function normal(status: MeshInstallStatus | undefined): unknown {
  return JSON.parse(JSON.stringify(status ?? {}));
}
