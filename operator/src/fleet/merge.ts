import type { FleetState, ProxyRejection, ProxyVersion } from "../observe/types.ts";
import type { Reading } from "./reading.ts";

/** What became of asking a replica. */
export type Asked =
  | { readonly kind: "told"; readonly reading: Reading }
  /** `detail` names the replica and what is wrong. */
  | { readonly kind: "silent"; readonly detail: string };

/**
 * Merges what the replicas told into one view. One that is silent may have any number of proxies, so that it makes the
 * whole unknown, and never a smaller number.
 *
 * @param version the control plane's version that proxies are to be connected to
 */
export function mergeReadings(asked: readonly Asked[], version: string): FleetState {
  const readings = asked.flatMap((answer) => (answer.kind === "told" ? [answer.reading] : []));
  const silent = asked.flatMap((answer) => (answer.kind === "silent" ? [answer.detail] : []));
  const rejections = mergeRejections(readings.flatMap((reading) => reading.rejections));
  if (silent.length > 0) return { kind: "unknown", detail: silent.toSorted().join("; "), rejections };
  if (readings.length === 0) return { kind: "unasked" };
  const sum = (of: (reading: Reading) => number): number => readings.reduce((total, reading) => total + of(reading), 0);
  return {
    kind: "known",
    connected: sum(({ connected }) => connected),
    onTarget: sum((reading) => (reading.version === version ? settledOf(reading, version) : 0)),
    stale: sum(({ stale }) => stale),
    rejecting: sum(({ rejecting }) => rejecting),
    versions: mergeVersions(readings),
    rejections,
  };
}

/** A sidecar that does not say of which version it is, as one that an earlier node agent started, is taken for one of it. */
function settledOf({ settledByVersion }: Reading, version: string): number {
  return (settledByVersion.get(version) ?? 0) + (settledByVersion.get("") ?? 0);
}

function mergeVersions(readings: readonly Reading[]): readonly ProxyVersion[] {
  const counts = new Map<string, number>();
  for (const { byVersion } of readings)
    for (const [version, proxies] of byVersion) counts.set(version, (counts.get(version) ?? 0) + proxies);
  return [...counts].toSorted(([a], [b]) => compare(a, b)).map(([version, proxies]) => ({ version, proxies }));
}

/** The same resource is rejected at many replicas; its proxies' words may differ. */
function mergeRejections(rejections: readonly ProxyRejection[]): readonly ProxyRejection[] {
  const sorted = rejections.toSorted((a, b) => compare(keyOf(a), keyOf(b)) || compare(a.message, b.message));
  return sorted.filter((rejection, index) => {
    const previous = sorted[index - 1];
    return previous === undefined || keyOf(previous) !== keyOf(rejection);
  });
}

function keyOf({ resource, objects }: ProxyRejection): string {
  return JSON.stringify([objects, resource]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
