import type { MtlsLookup } from "./effective-mtls.ts";
import type { InboundMtls } from "./inbound-mtls.ts";
import type { Workload } from "./workload.ts";

/** An address behind which a sidecar is, and what it accepts. */
export interface MeshedAddress {
  readonly address: string;
  readonly mtls: InboundMtls;
}

/** Addresses of the pods with a sidecar, each once, in one order whatever the order of the pods. */
export function meshedAddresses(workloads: Iterable<Workload>, mtls: MtlsLookup): readonly MeshedAddress[] {
  const byAddress = new Map<string, MeshedAddress>();
  for (const workload of workloads) {
    if (!workload.isMeshed) continue;
    for (const address of workload.addresses) byAddress.set(address, { address, mtls: mtls(workload) });
  }
  return [...byAddress.values()].toSorted((a, b) => (a.address < b.address ? -1 : 1));
}
