/** Why a pod has no identity, and whether trying again can help without anybody changing anything. */
const retryableReasons = {
  /** No token came with the call, or it cannot be read: the CSIDriver object is wrong. */
  TokenMissing: false,
  /** The token is too old; kubelet brings a new one with its next call. */
  TokenExpired: false,
  /** The trust bundle of the control plane cannot be read. */
  RootUnreadable: true,
  /** The control plane does not answer, or not as one that the root vouches for. */
  ControlPlaneUnreachable: true,
  /** The control plane said no. */
  CertificateRefused: false,
  /** The control plane answered with a certificate that is not ours. */
  CertificateUnusable: false,
} as const;

export type AgentErrorReason = keyof typeof retryableReasons;

/** A pod that cannot be given its identity. The message ends as an Event of the pod: it names what, where and the fix. */
export class AgentError extends Error {
  override readonly name = "AgentError";
  readonly reason: AgentErrorReason;

  /** @param message `cannot <verb> Pod "<namespace>/<name>": <field, value, fix>` */
  constructor(reason: AgentErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  get retryable(): boolean {
    return retryableReasons[this.reason];
  }
}
