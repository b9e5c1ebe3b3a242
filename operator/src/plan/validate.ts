import { csiDriverName } from "@meshwright/contract/volume";
import { satisfies } from "semver";
import type { CatalogueEntry } from "../api/catalogue.ts";
import type { MeshInstall } from "../api/mesh-install.ts";
import { names } from "../api/names.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { accessLogFormatFault } from "./access-log-format.ts";
import type { OperatorSettings } from "./installation.ts";
import { objectId } from "./manifest.ts";
import type { Problem } from "./problem.ts";

/** Checks in the order in which they are told: the first is usually the cause of the others. */
const checks = [
  checkCollision,
  checkVersion,
  checkKubernetes,
  checkAccessLogFormat,
  checkNamespace,
  checkCertificateAuthority,
] as const satisfies readonly ((observed: Observed, settings: OperatorSettings) => string | Problem | undefined)[];

/** Everything that keeps an install from going on; nothing is applied while there is any. */
export function validate(observed: Observed, settings: OperatorSettings): readonly Problem[] {
  return checks.flatMap((check) => check(observed, settings) ?? []);
}

/** The catalogue's entry of the version that an install asks for. */
export function catalogueEntry(install: MeshInstall, settings: OperatorSettings): CatalogueEntry | undefined {
  return settings.catalogue.find((entry) => entry.version === install.spec.version);
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

function checkVersion({ install }: Observed, settings: OperatorSettings): Problem | undefined {
  if (catalogueEntry(install, settings) !== undefined) return undefined;
  const known = settings.catalogue.map((entry) => entry.version).join(", ");
  return {
    reason: "UnknownVersion",
    message: `spec.version is "${install.spec.version}", which this operator does not know: set it to one of ${known}`,
  };
}

function checkKubernetes({ install, kubernetesVersion }: Observed, settings: OperatorSettings): Problem | undefined {
  const entry = catalogueEntry(install, settings);
  if (entry === undefined || satisfies(kubernetesVersion, entry.kubernetes.range, { includePrerelease: true }))
    return undefined;
  return {
    reason: "UnsupportedKubernetes",
    message: `spec.version is "${entry.version}", which needs Kubernetes ${entry.kubernetes.range}, but the API server is ${kubernetesVersion}: upgrade Kubernetes or set another version`,
  };
}

function checkAccessLogFormat({ install }: Observed): Problem | undefined {
  const fault = accessLogFormatFault(install.spec.mesh.accessLogFormat ?? "");
  if (fault === undefined) return undefined;
  return { reason: "InvalidAccessLogFormat", message: `spec.mesh.accessLogFormat ${fault}` };
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
