/** What a workload accepts on a port. */
export type MtlsMode =
  /** Mesh mTLS only. */
  | "strict"
  /** Mesh mTLS, and what clients without a sidecar send. */
  | "permissive"
  /** Plaintext is what its clients are to send, with or without a sidecar. */
  | "disabled";
