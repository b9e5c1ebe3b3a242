import { isDeepStrictEqual } from "node:util";
import type { KubeClient } from "@meshwright/kube/client";
import { isKubeError } from "@meshwright/kube/kube-error";
import { meshInstallType, meshRevisionTagType, meshRevisionType } from "../api/managed-types.ts";
import { apiVersion } from "../api/mesh-install.ts";
import { managedBy } from "../api/names.ts";

/** An object of ours whose status is written. */
interface Subject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: object;
}

const types = [meshInstallType, meshRevisionType, meshRevisionTagType] as const;

/**
 * Writes a status where it differs from what the API server has.
 *
 * Guarantees: writes nothing when nothing changed. The uid keeps it from touching another object of the same name.
 */
export async function writeStatus(
  client: KubeClient,
  subject: Subject,
  status: object,
  signal: AbortSignal,
): Promise<void> {
  const type = types.find(({ kind }) => kind === subject.kind);
  if (type === undefined || isDeepStrictEqual(normal(subject.status), normal(status))) return;
  const { name, uid } = subject.metadata;
  const object = { apiVersion, kind: type.kind, metadata: { name, uid }, status };
  try {
    await client.apply(type, object, { fieldManager: managedBy, force: true, subresource: "status", signal });
  } catch (error) {
    // It went while it was looked at: nobody is left to tell.
    if (!isKubeError(error, "NotFound")) throw error;
  }
}

/** Drops prototypes and key order of what was parsed and what was built. */
function normal(status: object | undefined): unknown {
  return JSON.parse(JSON.stringify(status ?? {}));
}
