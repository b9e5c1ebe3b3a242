import { csiDriverName } from "@meshwright/contract/volume";
import type { MeshInstall } from "../api/mesh-install.ts";
import { names } from "../api/names.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { objectId } from "./manifest.ts";
import type { Problem } from "./problem.ts";

/** Checks in the order in which they are told: the first is usually the cause of the others. */
const checks = [checkCollision, checkNamespace, checkCertificateAuthority] as const satisfies readonly ((
  observed: Observed,
) => Problem | undefined)[];

/** Everything in the cluster that keeps a mesh from being worked on at all; nothing is applied while there is any. */
export function validate(observed: Observed): readonly Problem[] {
  return checks.flatMap((check) => check(observed) ?? []);
}

/** The MeshInstall that was there first; it keeps what only one can have. */
export function winner(observed: Observed): MeshInstall {
  const age = (install: MeshInstall): string => `${install.metadata.creationTimestamp} ${install.metadata.name}`;
  return observed.installs.reduce((a, b) => (age(a) <= age(b) ? a : b), observed.install);
}

function checkCollision(observed: Observed): Problem | undefined {
  const { install } = observed;
  const first = winner(observed);
  if (first.metadata.name === install.metadata.name) return undefined;
  return {
    reason: "Collision",
    message: `metadata.name is "${install.metadata.name}", but the cluster's CSIDriver "${csiDriverName}" belongs to the older MeshInstall "${first.metadata.name}": delete one of the two`,
  };
}

function checkNamespace({ install, namespace }: Observed): Problem | undefined {
  if (namespace.kind === "missing") return undefined;
  const name = install.spec.namespace;
  if (namespace.terminating) {
    return {
      reason: "NamespaceTerminating",
      message: `spec.namespace is "${name}", and that namespace is being deleted: wait until it is gone, the operator then makes it anew`,
    };
  }
  const { podSecurity } = namespace;
  if (podSecurity === undefined || podSecurity === "privileged") return undefined;
  return {
    reason: "NamespaceForbidsNodeAgent",
    message: `spec.namespace is "${name}", which enforces Pod Security "${podSecurity}", but the node agent must mount volumes into pods: label it pod-security.kubernetes.io/enforce=privileged`,
  };
}

function checkCertificateAuthority({ install, certificateAuthority, owned }: Observed): Problem | undefined {
  const secret = `Secret "${install.spec.namespace}/${names.certificateAuthority}"`;
  if (certificateAuthority.kind === "invalid") {
    return { reason: "CertificateAuthorityInvalid", message: `${secret} ${certificateAuthority.detail}` };
  }
  const published = owned.filter(publishesRoot).map(objectId).toSorted();
  if (certificateAuthority.kind === "present" || published.length === 0) return undefined;
  return {
    reason: "CertificateAuthorityMissing",
    message: `${secret} is missing, but the mesh trusts its root: restore it from a backup, or begin with a new root by deleting ${published.join(" and ")} and then restarting every meshed pod`,
  };
}

/** Once the root was published, proxies trust it: another one made in silence would part the mesh in two. */
function publishesRoot({ kind, metadata }: OwnedObject): boolean {
  return kind === "MutatingWebhookConfiguration" || (kind === "ConfigMap" && metadata.name === names.rootCertificate);
}
