import type { Endpoint } from "./endpoint.ts";

/** One address that a Service's slices name, and whose it is. */
export interface Reached extends Omit<Endpoint, "otherAddresses"> {
  /** The same for all addresses of a pod. */
  readonly key: string;
}

/**
 * Joins what leads to the same pod, so that a pod counts once however often it is named: a Service of two families has
 * slices of both, and while Kubernetes moves an endpoint between slices, both hold it.
 *
 * @param preferred an address whose family is tried first; default IPv4's
 */
export function endpointPerPod(reached: readonly Reached[], preferred = ""): readonly Endpoint[] {
  const isOther = ({ address }: Reached): number => (isIPv6(address) === isIPv6(preferred) ? 0 : 1);
  const inOrder = reached.toSorted(
    (a, b) => isOther(a) - isOther(b) || compare(a.address, b.address) || compare(a.zone, b.zone),
  );
  const endpoints = [...Map.groupBy(inOrder, ({ key, port }) => `${key} ${port}`).values()].flatMap(join);
  return uniqueByAddress(endpoints.toSorted((a, b) => compare(a.address, b.address) || a.port - b.port));
}

function isIPv6(address: string): boolean {
  return address.includes(":");
}

function join([first, ...others]: readonly Reached[]): readonly Endpoint[] {
  if (first === undefined) return [];
  const { address, port, zone, isMeshed, owner } = first;
  const otherAddresses = new Set(others.map((other) => other.address));
  otherAddresses.delete(address);
  return [{ address, otherAddresses: [...otherAddresses], port, zone, isMeshed, owner }];
}

/** Someone may write by hand the address of a pod that another slice names. */
function uniqueByAddress(sorted: readonly Endpoint[]): readonly Endpoint[] {
  return sorted.filter(({ address, port }, index) => {
    const previous = sorted[index - 1];
    return previous?.address !== address || previous.port !== port;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
