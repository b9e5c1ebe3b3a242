import type { KeyObject } from "node:crypto";
import type { SpiffeId } from "@meshwright/contract/identity";
import type { CertificateRequest } from "@meshwright/pki/csr";
import { keyProblem } from "@meshwright/pki/key-policy";
import { type Refusal, refuse } from "./refusal.ts";

export type CsrDecision = { readonly kind: "accepted"; readonly publicKey: KeyObject } | Refusal;

/**
 * Decides whether the key of a request may be certified for an identity. The certificate takes nothing but the key
 * from the request; one that asks for what it will not get is refused, so that nobody believes to have got it.
 * A subject is ignored: agents of other meshes send an organization.
 */
export function checkCsr(csr: CertificateRequest, identity: SpiffeId): CsrDecision {
  if (!csr.isSelfSigned)
    return refuse(
      "BadSignature",
      "the CSR's signature does not verify under its own public key: sign it with that key",
    );
  const problem = keyProblem(csr.publicKey);
  if (problem !== undefined) return refuse("WeakKey", `the CSR's ${problem}`);
  if (csr.asksForCa)
    return refuse("CaRequested", "the CSR's basicConstraints is CA:true: workloads get CA:false, leave it out");
  const foreign = csr.names.find((name) => name !== `url:${identity}`);
  if (foreign === undefined) return { kind: "accepted", publicKey: csr.publicKey };
  return refuse(
    "ForeignName",
    `the CSR's subjectAltName ${quoteName(foreign)} is not the caller's own: leave it out or set it to "URI:${identity}"`,
  );
}

/** As OpenSSL writes names, which is what people compare with; cut, since the asker chose it. */
function quoteName(name: string): string {
  return JSON.stringify(name.replace(/^url:/, "URI:").replace(/^dns:/, "DNS:").slice(0, 300));
}
