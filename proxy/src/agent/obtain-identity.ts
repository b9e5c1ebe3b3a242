import type { KeyObject } from "node:crypto";
import { parseSpiffeId } from "@meshwright/contract/identity";
import { createCsr } from "@meshwright/pki/csr";
import { generateKey, readKey, renderKey } from "@meshwright/pki/key";
import { PkiError } from "@meshwright/pki/pki-error";
import { verifyLeaf } from "@meshwright/pki/verify-leaf";
import { AgentError } from "./agent-error.ts";
import type { CertificateClient } from "./certificate-client.ts";
import type { IdentityFiles } from "./identity-files.ts";
import type { Validity } from "./renewal-time.ts";
import { describePod, type VolumeSpec } from "./volume-spec.ts";

/** A pod's proven identity. */
export interface Identity extends Validity {
  readonly files: IdentityFiles;
  /** Hex in lower case. */
  readonly serialNumber: string;
}

export interface IdentityRequest {
  readonly spec: VolumeSpec;
  readonly token: string;
  readonly client: CertificateClient;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/**
 * Makes a key, has it certified under the pod's token, and proves what came back. The key never leaves the node.
 *
 * Errors: AgentError, as of CertificateClient.
 */
export async function obtainIdentity({ spec, token, client, now, signal }: IdentityRequest): Promise<Identity> {
  const key = generateKey();
  const { chainPem, rootsPem } = await client.sign(spec, await createCsr(key), token, signal);
  const files = { certificatePem: chainPem, keyPem: renderKey(key), rootsPem };
  try {
    return proveIdentity(spec, files, key, now());
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw unusable(spec, cause.message, cause);
  }
}

/** Takes an identity over that an earlier run of the agent left; undefined when it cannot be used. */
export function adoptIdentity(spec: VolumeSpec, files: IdentityFiles, now: Date): Identity | undefined {
  try {
    return proveIdentity(spec, files, readKey(files.keyPem), now);
  } catch {
    return undefined;
  }
}

/** The token decides whose certificate comes back: another pod's token must not put another's identity into this one. */
function proveIdentity(spec: VolumeSpec, files: IdentityFiles, key: KeyObject, now: Date): Identity {
  const leaf = verifyLeaf({ chainPem: files.certificatePem, rootsPem: files.rootsPem, key, now });
  const [uri = ""] = leaf.uris;
  const identity = parseSpiffeId(uri);
  const { namespace, serviceAccount } = spec.pod;
  if (leaf.uris.length !== 1 || identity?.namespace !== namespace || identity.serviceAccount !== serviceAccount)
    throw unusable(spec, `it names "${leaf.uris.join(", ")}", not service account "${namespace}/${serviceAccount}"`);
  return { files, notBefore: leaf.notBefore, notAfter: leaf.notAfter, serialNumber: leaf.serialNumber };
}

function unusable(spec: VolumeSpec, detail: string, cause?: unknown): AgentError {
  const message = `cannot use the certificate for ${describePod(spec.pod)}: ${detail}`;
  return new AgentError("CertificateUnusable", message, { cause });
}
