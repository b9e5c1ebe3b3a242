import { createPublicKey } from "node:crypto";
import { spiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import type { Authority } from "@meshwright/pki/authority";
import { issueLeaf } from "@meshwright/pki/issue";
import { generateKey, renderKey } from "@meshwright/pki/key";

/** What a client of the control plane shows, and whom it believes. All PEM. */
export interface ClientKeys {
  readonly certificate: Buffer;
  readonly privateKey: Buffer;
  readonly roots: Buffer;
}

const oneHourMs = 60 * 60_000;

/** Issues a workload's certificate in memory, by default for the next hour. */
export async function createClientKeys(
  authority: Authority,
  identity: WorkloadIdentity,
  { now = new Date(), lifetimeMs = oneHourMs } = {},
): Promise<ClientKeys> {
  const key = generateKey();
  const { chainPem } = await issueLeaf(authority, {
    publicKey: createPublicKey(key),
    names: [{ type: "url", value: spiffeId(identity) }],
    usages: ["client"],
    now,
    lifetimeMs,
  });
  return {
    certificate: Buffer.from(chainPem),
    privateKey: Buffer.from(renderKey(key)),
    roots: Buffer.from(authority.rootsPem),
  };
}
