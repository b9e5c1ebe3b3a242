/** Why an install cannot go on until somebody changes something. */
export type ProblemReason =
  | "Collision"
  | "UnknownVersion"
  | "UnsupportedKubernetes"
  | "Downgrade"
  | "SkipsVersions"
  | "ProxiesOutOfReach"
  | "EndOfLife"
  | "PreflightFailed"
  | "InvalidAccessLogFormat"
  | "CniFoldersInUse"
  | "NamespaceTerminating"
  | "NamespaceForbidsNodeAgent"
  | "CertificateAuthorityMissing"
  | "CertificateAuthorityInvalid"
  | "ProxiesRemain";

/** What each reason tells a user; the reference shows it. */
export const problemMeanings: Readonly<Record<ProblemReason, string>> = {
  Collision: "An older MeshInstall exists, and a cluster can have one mesh: delete one of the two.",
  UnknownVersion: "`spec.version` is not in this operator's catalogue: set one that is.",
  UnsupportedKubernetes: "The API server's version is not in the range that this version of the mesh is meant for.",
  Downgrade:
    "`spec.version` is older than the mesh, and no revision of it is installed any more: the message names what is possible.",
  SkipsVersions: "`spec.version` is further away than one step may go: the message names the versions on the way.",
  ProxiesOutOfReach:
    "Connected proxies are older than what the control plane of `spec.version` serves, or newer: restart their workloads first.",
  EndOfLife: "`spec.version` gets no more fixes, and nothing of it runs: set a newer one.",
  PreflightFailed:
    "Something in the cluster would make the change of version hurt; the message and `status.preflight` name each object and the fix. To go on all the same, set the annotation `meshwright.dev/accept-findings` of the MeshInstall to the version.",
  InvalidAccessLogFormat: "`spec.mesh.accessLogFormat` is nothing that Envoy understands: the message names the part.",
  CniFoldersInUse:
    "`spec.profile` has other CNI folders than those in which the nodes have the plugin: set it back, or leave CNI mode first.",
  NamespaceTerminating: "`spec.namespace` is being deleted: once it is gone, the operator makes it anew.",
  NamespaceForbidsNodeAgent:
    "`spec.namespace` enforces a Pod Security level other than `privileged`, but the node agent must mount volumes into pods.",
  CertificateAuthorityMissing:
    "The Secret `meshwright-ca` is missing although proxies trust its root: restore it, or begin with a new root as the message says.",
  CertificateAuthorityInvalid: "The Secret `meshwright-ca` cannot be used as a certificate authority.",
  ProxiesRemain:
    "Deletion was asked for, but meshed pods still run: delete them, restart them without sidecar, or set `spec.uninstall.force`.",
};

/** A user's mistake, or a state of the cluster that only a user can mend: field, value and fix in one sentence. */
export interface Problem {
  readonly reason: ProblemReason;
  readonly message: string;
}
