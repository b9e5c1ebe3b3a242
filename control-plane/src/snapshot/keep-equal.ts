import type { ResourceMap } from "../serve/view.ts";

/** Returns the earlier map if the later one holds the same resources, so that whoever compares maps sees no change. */
export function keepEqual(earlier: ResourceMap | undefined, later: ResourceMap): ResourceMap {
  if (earlier === undefined || earlier.size !== later.size) return later;
  const isEqual = [...earlier].every(([name, { version }]) => later.get(name)?.version === version);
  return isEqual ? earlier : later;
}
