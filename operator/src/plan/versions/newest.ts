import { rcompare } from "semver";

/** The newest of some versions; undefined when there is none. */
export function newestVersion(versions: readonly string[]): string | undefined {
  return versions.toSorted(rcompare)[0];
}
