/** A certificate's validity. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Renewals spread over this part of a certificate's life, around its middle. */
const jitterShare = 0.2;

/**
 * When to renew: at half of the life, give or take a tenth of it, so that pods started together do not all ask at once,
 * and half of the life is left for a control plane that is down.
 * @param random from 0 (inclusive) to 1 (exclusive)
 */
export function renewalTime({ notBefore, notAfter }: Validity, random: number): Date {
  const lifeMs = notAfter.getTime() - notBefore.getTime();
  const share = 0.5 + (random - 0.5) * jitterShare;
  return new Date(notBefore.getTime() + lifeMs * share);
}
