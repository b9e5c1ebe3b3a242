/** Why an install cannot go on until somebody changes something. */
export type ProblemReason =
  | "Collision"
  | "UnknownVersion"
  | "UnsupportedKubernetes"
  | "NamespaceTerminating"
  | "NamespaceForbidsNodeAgent"
  | "CertificateAuthorityMissing"
  | "CertificateAuthorityInvalid"
  | "ProxiesRemain";

/** A user's mistake, or a state of the cluster that only a user can mend: field, value and fix in one sentence. */
export interface Problem {
  readonly reason: ProblemReason;
  readonly message: string;
}
