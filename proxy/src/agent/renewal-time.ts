import { clockSkewMs } from "@meshwright/pki/issue";

/** A certificate's validity. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Renewals spread over this part of a certificate's life, around its middle. */
const jitterShare = 0.2;

/**
 * How long an agent that has just started may wait for a pod's token: kubelet publishes a volume anew once a minute, or half
 * as late again.
 */
const republishMs = 90_000;

/**
 * When to renew: at half of the life, give or take a tenth of it, so that pods started together do not all ask at once,
 * and half of the life is left for a control plane that is down. Life begins with the issue, not with the `notBefore` that
 * lies before it for clocks that are behind.
 * @param random from 0 (inclusive) to 1 (exclusive)
 */
export function renewalTime({ notBefore, notAfter }: Validity, now: Date, random: number): Date {
  const issuedMs = Math.min(now.getTime(), notBefore.getTime() + clockSkewMs);
  const share = 0.5 + (random - 0.5) * jitterShare;
  return new Date(issuedMs + (notAfter.getTime() - issuedMs) * share);
}

/**
 * Whether a certificate is to be renewed whenever a token comes: if the agent ended, its tokens would be gone, and the next
 * but one could come too late.
 */
export function isShortLived({ notAfter }: Validity, now: Date): boolean {
  return notAfter.getTime() - now.getTime() < 2 * republishMs;
}
