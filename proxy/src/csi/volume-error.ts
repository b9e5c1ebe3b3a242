export type VolumeErrorReason =
  /** Kubelet, or whoever wrote the pod, sent what the contract does not allow. */
  | "InvalidArgument"
  /** The node would not mount or unmount. */
  | "MountFailed"
  /** The pod leaves its redirect to a CNI plugin that this node's runtime does not call. */
  | "CniMissing";

/** A call of kubelet's that cannot be served. The message ends as an Event of the pod. */
export class VolumeError extends Error {
  override readonly name = "VolumeError";
  readonly reason: VolumeErrorReason;

  /** @param message `cannot <verb> volume: <field, value, fix>` */
  constructor(reason: VolumeErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
