import type { MtlsLookup } from "./effective-mtls.ts";
import type { InboundMtls } from "./inbound-mtls.ts";
import type { Workload } from "./workload.ts";

/** An address behind which a sidecar is, and what it accepts. */
export interface MeshedAddress {
  readonly address: string;
  readonly mtls: InboundMtls;
}

/**
 * Addresses of the pods with a sidecar, each once, in one order whatever the order of the pods. An address that a pod which
 * terminates has given up may be another pod's already: then it is that one's.
 */
export function meshedAddresses(workloads: Iterable<Workload>, mtls: MtlsLookup): readonly MeshedAddress[] {
  return [...holders(workloads)]
    .filter(([, workload]) => workload.isMeshed)
    .map(([address, workload]) => ({ address, mtls: mtls(workload) }))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

function holders(workloads: Iterable<Workload>): ReadonlyMap<string, Workload> {
  const byAddress = new Map<string, Workload>();
  for (const workload of workloads) {
    for (const address of workload.addresses) {
      const other = byAddress.get(address);
      if (other === undefined || holdsRather(workload, other)) byAddress.set(address, workload);
    }
  }
  return byAddress;
}

function holdsRather(a: Workload, b: Workload): boolean {
  return a.isTerminating === b.isTerminating ? a.uid > b.uid : b.isTerminating;
}
