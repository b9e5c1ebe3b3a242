import { type Refusal, refuse } from "./refusal.ts";

export type LifetimeDecision = { readonly kind: "granted"; readonly seconds: number } | Refusal;

/**
 * Decides how long a certificate lives: what was asked for, or the default when nothing was (zero or less).
 * @param maxSeconds also the default
 */
export function grantLifetime(requestedSeconds: bigint, maxSeconds: number): LifetimeDecision {
  if (requestedSeconds <= 0n) return { kind: "granted", seconds: maxSeconds };
  if (requestedSeconds <= BigInt(maxSeconds)) return { kind: "granted", seconds: Number(requestedSeconds) };
  return refuse(
    "LifetimeTooLong",
    `validity_duration is ${requestedSeconds} s: ask for at most ${maxSeconds} s, or 0 for the default`,
  );
}
