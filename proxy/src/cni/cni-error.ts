export type CniErrorReason =
  /** The plugin sent what the protocol does not have. */
  | "InvalidRequest"
  /** The pod has no volume of ours with rules in it, or more than one. */
  | "RulesMissing"
  /** The kernel did not take the rules. */
  | "RulesRefused"
  /** The node's CNI configuration is not one that a plugin can be chained to. */
  | "ConflistUnusable";

/** A call of the CNI plugin's that cannot be served, whose message ends as an Event of the pod, or a plugin that cannot be installed. */
export class CniError extends Error {
  override readonly name = "CniError";
  readonly reason: CniErrorReason;

  /** @param message `cannot redirect Pod with UID "<uid>": <detail>` */
  constructor(reason: CniErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
