export type PkiErrorReason =
  /** Text that is not the PEM it should be. */
  | "InvalidPem"
  /** A block that is not a certificate, a request or a key. */
  | "InvalidEncoding"
  /** A private key and a certificate that do not belong together. */
  | "KeyMismatch"
  /** An issuer that may not sign, or no longer. */
  | "UnusableIssuer"
  /** A chain that does not lead to a trusted root, or is outside its validity. */
  | "UntrustedChain";

/** Key material or a certificate that cannot be used; the message never holds key material. */
export class PkiError extends Error {
  override readonly name = "PkiError";
  readonly reason: PkiErrorReason;

  /** @param message `cannot <verb> <what>: <field, value, fix>` */
  constructor(reason: PkiErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
