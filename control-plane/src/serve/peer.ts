import { parseSpiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import type { PeerCertificate } from "./proxy-table.ts";

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

/** The parts of `tls.PeerCertificate` that are told. */
interface TlsCertificate {
  readonly serialNumber: string;
  readonly issuer: object;
}

/** Reads what is told of a certificate that was verified already. */
export function peerCertificate({ serialNumber, issuer }: TlsCertificate): PeerCertificate {
  // An attribute may occur more than once.
  const parts = Object.entries(issuer).flatMap(([name, value]) => [value].flat().map((part) => `${name}=${part}`));
  return { serial: serialNumber.toLowerCase(), issuer: parts.join(",") };
}
