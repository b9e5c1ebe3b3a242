import type { Observed } from "../observe/types.ts";

/** A name in labels that is neither a revision nor a tag, and who has it. */
export interface Dangling {
  readonly name: string;
  /** As `Namespace "shop"`, sorted by kind and name. */
  readonly users: readonly string[];
}

/** Finds names that nobody injects for: pods that ask for them are created without a sidecar, and nobody would say so. */
export function danglingReferences({ references }: Observed, known: ReadonlySet<string>): readonly Dangling[] {
  const { namespaces, pods } = references;
  const names = new Set([...namespaces.keys(), ...pods.keys()]);
  return [...names]
    .filter((name) => !known.has(name))
    .toSorted()
    .map((name) => ({
      name,
      users: [
        ...(namespaces.get(name) ?? []).map((each) => `Namespace "${each}"`),
        ...(pods.get(name) ?? []).map((each) => `Pod "${each}"`),
      ],
    }));
}
