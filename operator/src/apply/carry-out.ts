import type { KubeClient } from "@meshwright/kube/client";
import { isKubeError } from "@meshwright/kube/kube-error";
import type { KubeObject, ResourceType } from "@meshwright/kube/types";
import type { Logger } from "@meshwright/log/logger";
import { createRoot } from "@meshwright/pki/root";
import { type ManagedType, managedType, meshInstallType, meshRevisionType, secretType } from "../api/managed-types.ts";
import { type MeshInstall, uninstallFinalizer } from "../api/mesh-install.ts";
import { type MeshRevision, revisionFinalizer } from "../api/mesh-revision.ts";
import { managedBy, rootCertificateKey } from "../api/names.ts";
import { type Manifest, objectId } from "../plan/manifest.ts";
import type { Step } from "../plan/step.ts";
import { OperatorError } from "./operator-error.ts";

export interface WriterOptions {
  readonly client: KubeClient;
  readonly logger: Logger;
  readonly now: () => Date;
}

/**
 * Carries out one step.
 *
 * Guarantees: every step is idempotent, so that a plan can be decided and carried out again after any failure.
 * Errors: KubeError of the API server; OperatorError when the operator does not manage the kind.
 */
export async function carryOut(
  step: Step,
  install: MeshInstall,
  options: WriterOptions,
  signal: AbortSignal,
): Promise<void> {
  const { client, logger } = options;
  switch (step.kind) {
    case "holdFinalizer":
      return writeFinalizers(client, install, [...otherFinalizers(install), uninstallFinalizer], signal);
    case "releaseFinalizer":
      return writeFinalizers(client, install, otherFinalizers(install), signal);
    case "createCertificateAuthority":
      return createCertificateAuthority(step.manifest, install, options, signal);
    case "releaseRevision":
      return releaseRevision(client, step.revision, signal);
    case "apply":
      await client.apply(typeOf(step.manifest), step.manifest, { fieldManager: managedBy, force: true, signal });
      return logger.info({ object: objectId(step.manifest) }, "applied");
    case "delete": {
      const { name, namespace, uid } = step.object.metadata;
      const key = namespace === undefined ? { name } : { name, namespace };
      const incarnation = uid === undefined ? {} : { uid };
      await client.delete(typeOf(step.object), key, { ...incarnation, propagationPolicy: "Background", signal });
      return logger.info({ object: objectId(step.object) }, "deleted");
    }
  }
}

function typeOf(object: Pick<Manifest, "kind" | "metadata">): ResourceType<KubeObject> & ManagedType {
  const type = managedType(object.kind);
  if (type === undefined)
    throw new OperatorError("UnmanagedKind", `cannot change ${objectId(object)}: kind not managed`);
  return type;
}

function otherFinalizers(install: MeshInstall): readonly string[] {
  return (install.metadata.finalizers ?? []).filter((finalizer) => finalizer !== uninstallFinalizer);
}

/** A merge patch with the resourceVersion: it neither brings a deleted MeshInstall back nor drops others' finalizers. */
async function writeFinalizers(
  client: KubeClient,
  { metadata: { name, resourceVersion } }: MeshInstall,
  finalizers: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await client.patch(meshInstallType, { name }, { metadata: { resourceVersion, finalizers } }, { signal });
}

/** As writeFinalizers, for a MeshRevision whose deletion was asked for. */
async function releaseRevision(client: KubeClient, { metadata }: MeshRevision, signal: AbortSignal): Promise<void> {
  const { name, resourceVersion, finalizers = [] } = metadata;
  const others = finalizers.filter((finalizer) => finalizer !== revisionFinalizer);
  await client.patch(meshRevisionType, { name }, { metadata: { resourceVersion, finalizers: others } }, { signal });
}

/** Creates, never applies: a root that is there already stays, whoever made it. */
async function createCertificateAuthority(
  manifest: Manifest,
  install: MeshInstall,
  { client, logger, now }: WriterOptions,
  signal: AbortSignal,
): Promise<void> {
  const root = await createRoot({ now: now(), organization: install.spec.mesh.trustDomain });
  const stringData = { "tls.crt": root.certificatePem, "tls.key": root.keyPem, [rootCertificateKey]: root.rootsPem };
  const secret = { ...manifest, stringData };
  try {
    await client.create(secretType, secret, { signal });
    logger.info({ object: objectId(manifest) }, "created the root certificate");
  } catch (error) {
    if (!isKubeError(error, "AlreadyExists")) throw error;
  }
}
