import { parseSpiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";

/**
 * Reads the workload from the subject alternative names of a certificate that was verified already, in the form that
 * `tls.TLSSocket.getPeerCertificate()` gives them. An identity is exactly one URI: more than one has no defined meaning.
 * Source: https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#2-spiffe-id
 */
export function peerIdentity(subjectAltName: string | undefined): WorkloadIdentity | undefined {
  // Node quotes a name that could be mistaken for several; none of ours needs it
  if (subjectAltName === undefined || subjectAltName.includes('"')) return undefined;
  const uris = subjectAltName.split(", ").filter((name) => name.startsWith("URI:"));
  const [uri] = uris;
  return uri === undefined || uris.length > 1 ? undefined : parseSpiffeId(uri.slice("URI:".length));
}

/** What of a peer's certificate tells it apart from those before and after it. */
export interface PeerCertificate {
  /** Upper-case hexadecimal. */
  readonly serialNumber: string;
  /** The issuer's distinguished name, as `CN=...,O=...`. */
  readonly issuer: string;
  readonly notAfter: Date;
}

/** Reads what Node shows of a peer's certificate. */
export function peerCertificate({ serialNumber, issuer, valid_to }: ShownCertificate): PeerCertificate {
  const fields = Object.entries(issuer).map(([key, value]) => `${key}=${[value].flat().join("+")}`);
  return { serialNumber, issuer: fields.join(","), notAfter: new Date(valid_to) };
}

/** The part of `tls.PeerCertificate` that is read. */
interface ShownCertificate {
  readonly serialNumber: string;
  readonly issuer: object;
  readonly valid_to: string;
}
