import { X509Certificate } from "node:crypto";
import { labels } from "@meshwright/contract/labels";
import { createdAnnotation, rootCertificateKey } from "../api/names.ts";
import type { AuthoritySecret } from "./caches.ts";
import type { CertificateAuthority } from "./types.ts";

/** Reads the mesh's root from its Secret; what is wrong with the Secret is told with the fix. */
export function readCertificateAuthority(secret: AuthoritySecret | undefined, install: string): CertificateAuthority {
  if (secret === undefined) return { kind: "missing" };
  const encoded = secret.data?.[rootCertificateKey];
  if (encoded === undefined) return invalid(`has no "${rootCertificateKey}": add the root certificate, in PEM`);
  const root = Buffer.from(encoded, "base64").toString();
  const { labels: own = {}, annotations = {} } = secret.metadata;
  const created = own[labels.install] === install && annotations[createdAnnotation] === "true";
  const expires = expiryOf(root);
  return expires === undefined
    ? invalid(`holds in "${rootCertificateKey}" what is no certificate: put the root certificate there, in PEM`)
    : { kind: "present", root, expires, created };
}

function invalid(detail: string): CertificateAuthority {
  return { kind: "invalid", detail };
}

/** When a root expires; undefined when it is no certificate of an authority. */
function expiryOf(pem: string): string | undefined {
  try {
    const { ca, validToDate } = new X509Certificate(pem);
    return ca ? validToDate.toISOString().replace(/\.\d+/, "") : undefined;
  } catch {
    return undefined;
  }
}
