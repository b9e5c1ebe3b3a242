import { createPrivateKey, generateKeyPairSync, type KeyObject, type webcrypto } from "node:crypto";
import { PkiError } from "./pki-error.ts";

/** Generates an EC P-256 private key. */
export function generateKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

/** Renders a private key as PKCS #8 PEM (RFC 5958), which Envoy and Node both read. */
export function renderKey(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/**
 * Reads a private key from PEM: PKCS #8, SEC 1 or PKCS #1, not encrypted.
 *
 * Errors: PkiError `InvalidEncoding`, without the text of the key.
 */
export function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's own words are no help here, and the cause could carry a piece of the key.
    throw new PkiError("InvalidEncoding", "cannot read private key: it is not an unencrypted PEM key");
  }
}

/** How a key signs: the parameters of WebCrypto for the two directions. */
export interface SigningAlgorithm {
  readonly key: webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams;
  readonly signature: { readonly name: string; readonly hash: string };
}

/**
 * Chooses the signature of a key: ECDSA with the curve's own hash, RSA with SHA-256.
 *
 * Errors: PkiError `UnusableIssuer` for any other kind of key.
 */
export function signingAlgorithm(key: KeyObject): SigningAlgorithm {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === "prime256v1") return ecdsa("P-256", "SHA-256");
  if (curve === "secp384r1") return ecdsa("P-384", "SHA-384");
  if (key.asymmetricKeyType === "rsa") {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    return { key: algorithm, signature: algorithm };
  }
  const kind = curve ?? key.asymmetricKeyType ?? "unknown";
  throw new PkiError("UnusableIssuer", `cannot sign with a key of kind "${kind}": use EC P-256, EC P-384 or RSA`);
}

/** Hands a private key to WebCrypto, for signing only and not extractable. */
export function signingKey(key: KeyObject): webcrypto.CryptoKey {
  return key.toCryptoKey(signingAlgorithm(key).key, false, ["sign"]);
}

function ecdsa(namedCurve: string, hash: string): SigningAlgorithm {
  return { key: { name: "ECDSA", namedCurve }, signature: { name: "ECDSA", hash } };
}
