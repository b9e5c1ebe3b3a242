import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

/** Machine-wide, since a machine has at most one cluster, whichever checkout made it. */
const path = "/run/meshwright/cluster.json";

const schema = z.strictObject({
  /** Root of the checkout that made the cluster. */
  checkout: z.string(),
  nodes: z.int().min(1),
  /** Whether it has IPv6 beside IPv4. */
  hasIpv6: z.boolean(),
  /** Digest of everything that the cluster was made of. */
  fingerprint: z.string(),
});

/** Which cluster this machine has. */
export type ClusterRecord = Readonly<z.infer<typeof schema>>;

/** Reads what the last `up` recorded; undefined when there is none, or when it is of an unknown form. */
export function readCluster(): ClusterRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Records a cluster that is whole. */
export async function recordCluster(record: ClusterRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(record));
}

export async function forgetCluster(): Promise<void> {
  await rm(dirname(path), { recursive: true, force: true });
}
