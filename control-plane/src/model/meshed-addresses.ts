import type { InboundMtls } from "./inbound-mtls.ts";
import type { Pod } from "./pod.ts";

/** An address behind which a sidecar is, and what it accepts. */
export interface MeshedAddress {
  readonly address: string;
  readonly mtls: InboundMtls;
}

/** Addresses of the pods with a sidecar, each once, in one order whatever the order of the pods. */
export function meshedAddresses(pods: Iterable<Pod>): readonly MeshedAddress[] {
  const claims = [...pods].flatMap((pod) => pod.workload.addresses.map((address) => ({ address, pod })));
  const byAddress = Map.groupBy(claims, ({ address }) => address);
  return inOrder(
    [...byAddress].flatMap(
      ([address, all]) =>
        meshedAddress(
          address,
          all.map(({ pod }) => pod),
        ) ?? [],
    ),
  );
}

/**
 * Says what an address accepts of which all pods are known that have it; undefined: it has no sidecar. One that a pod which
 * terminates has given up may be another pod's already: then it is that one's.
 */
export function meshedAddress(address: string, pods: readonly Pod[]): MeshedAddress | undefined {
  const holder = pods.reduce<Pod | undefined>(
    (known, pod) => (known && !holdsRather(pod, known) ? known : pod),
    undefined,
  );
  return holder?.workload.isMeshed === true ? { address, mtls: holder.mtls } : undefined;
}

export function inOrder(addresses: readonly MeshedAddress[]): readonly MeshedAddress[] {
  return addresses.toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

function holdsRather({ workload: a }: Pod, { workload: b }: Pod): boolean {
  return a.isTerminating === b.isTerminating ? a.uid > b.uid : b.isTerminating;
}
