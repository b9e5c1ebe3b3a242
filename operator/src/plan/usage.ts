import type { FleetState, Observed } from "../observe/types.ts";

/** What uses a revision; lists sorted. */
export interface Usage {
  /** Tags that stand for it. */
  readonly tags: readonly string[];
  /** Namespaces that ask for it, or for such a tag. */
  readonly namespaces: readonly string[];
  /** `namespace/name` of pods that it injected, or that ask for it or for such a tag. */
  readonly pods: readonly string[];
  /** Proxies that are connected; undefined while a replica does not say. */
  readonly connections: number | undefined;
}

/** Gathers what uses a revision, of which some tags are known to stand for it. */
export function usageOf(revision: string, tags: readonly string[], { references, fleets }: Observed): Usage {
  const names = [revision, ...tags];
  const of = (map: ReadonlyMap<string, readonly string[]>): readonly string[] =>
    [...new Set(names.flatMap((name) => map.get(name) ?? []))].toSorted();
  return {
    tags: tags.toSorted(),
    namespaces: of(references.namespaces),
    pods: of(references.pods),
    connections: connectionsOf(fleets.get(revision)),
  };
}

/** Whether anything uses a revision; undefined while that is not known, which never counts as no. */
export function isUsed({ tags, namespaces, pods, connections }: Usage): boolean | undefined {
  if (tags.length > 0 || namespaces.length > 0 || pods.length > 0) return true;
  return connections === undefined ? undefined : connections > 0;
}

/** Without a replica that serves nobody can be connected. */
function connectionsOf(fleet: FleetState | undefined): number | undefined {
  if (fleet === undefined || fleet.kind === "unasked") return 0;
  return fleet.kind === "known" ? fleet.connected : undefined;
}
