import type { KeyObject } from "node:crypto";

/**
 * Says what is wrong with the public key of a certificate to be issued; undefined when it may be certified.
 * Allowed: EC P-256 and P-384, RSA of 2048 to 4096 bits with an odd exponent of at least 65537, Ed25519.
 * Source: CA/Browser Forum Baseline Requirements 6.1.5 and 6.1.6; Ed25519 (RFC 8410) besides.
 */
export function keyProblem(key: KeyObject): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "ec") return curveProblem(details?.namedCurve ?? "unknown");
  if (type === "rsa") return rsaProblem(details?.modulusLength ?? 0, details?.publicExponent ?? 0n);
  return type === "ed25519" ? undefined : `public key is of type "${type ?? "unknown"}": use EC P-256`;
}

/** OpenSSL's names of P-256 and P-384. */
const allowedCurves: readonly string[] = ["prime256v1", "secp384r1"];

function curveProblem(curve: string): string | undefined {
  return allowedCurves.includes(curve) ? undefined : `public key is on the curve "${curve}": use EC P-256`;
}

function rsaProblem(bits: number, exponent: bigint): string | undefined {
  if (bits < 2048 || bits > 4096) return `public key is RSA of ${bits} bits: use EC P-256, or RSA of 2048 to 4096 bits`;
  if (exponent < 65537n || exponent % 2n === 0n)
    return `public key is RSA with exponent ${exponent}: use EC P-256, or RSA with exponent 65537`;
  return undefined;
}
