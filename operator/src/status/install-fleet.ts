import type { FleetState, Observed, ProxyVersion } from "../observe/types.ts";

/**
 * The proxies of all revisions as one fleet. On target are those of the revision that is asked for alone; a replica that is silent
 * makes the whole unknown.
 */
export function installFleet({ fleets }: Pick<Observed, "fleets">, target: string | undefined): FleetState {
  const states = [...fleets].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rejections = states.flatMap(([, state]) => (state.kind === "unasked" ? [] : state.rejections));
  const details = states.flatMap(([, state]) => (state.kind === "unknown" ? [state.detail] : []));
  if (details.length > 0) return { kind: "unknown", detail: details.join("; "), rejections };
  const known = states.flatMap(([name, state]) => (state.kind === "known" ? [{ name, ...state }] : []));
  if (known.length === 0) return { kind: "unasked" };
  const sum = (of: (state: (typeof known)[number]) => number): number =>
    known.reduce((total, state) => total + of(state), 0);
  return {
    kind: "known",
    connected: sum(({ connected }) => connected),
    onTarget: sum(({ name, onTarget }) => (name === target ? onTarget : 0)),
    stale: sum(({ stale }) => stale),
    rejecting: sum(({ rejecting }) => rejecting),
    versions: mergedVersions(known.flatMap(({ versions }) => versions)),
    rejections,
  };
}

function mergedVersions(all: readonly ProxyVersion[]): readonly ProxyVersion[] {
  const groups = Map.groupBy(all, ({ version }) => version);
  const total = (of: readonly ProxyVersion[]): number => of.reduce((sum, { proxies }) => sum + proxies, 0);
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([version, of]) => ({ version, proxies: total(of) }));
}
