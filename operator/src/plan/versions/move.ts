import { compare } from "semver";
import type { Catalogue, CatalogueEntry } from "../../api/catalogue.ts";
import { newestOf, semantic } from "./resolve.ts";

/** What it is for a mesh to go from one version to another. */
export type Move =
  | { readonly kind: "none" }
  | { readonly kind: "upgrade" }
  /** Back to a revision that is still installed. */
  | { readonly kind: "rollback" }
  | { readonly kind: "refused"; readonly why: "Downgrade" | "SkipsVersions"; readonly fix: string };

/** Where a mesh is: the version that serves its proxies now, and those of the revisions that are still installed beside it. */
export interface Installed {
  readonly version: string;
  readonly others: readonly string[];
}

/**
 * Decides whether a mesh may go to a version: upwards as far as its control plane serves the proxies that are there, and back
 * only to what is still installed.
 */
export function moveTo(target: CatalogueEntry, { version, others }: Installed, catalogue: Catalogue): Move {
  const order = compare(target.version, version);
  if (order === 0) return { kind: "none" };
  if (others.includes(target.version)) return { kind: "rollback" };
  if (order < 0) return { kind: "refused", why: "Downgrade", fix: downgradeFix(version, others) };
  if (isWithinReach(target, version)) return { kind: "upgrade" };
  return { kind: "refused", why: "SkipsVersions", fix: pathFix(target, version, catalogue) };
}

/** Whether a control plane serves proxies of a version: the same minor or so many behind, never ahead, and no other major. */
export function isWithinReach(target: CatalogueEntry, proxyVersion: string): boolean {
  const [to, from] = [semantic(target.version), semantic(proxyVersion)];
  const behind = to.minor - from.minor;
  return to.major === from.major && behind >= 0 && behind <= target.proxies.minorsBehind;
}

function downgradeFix(version: string, others: readonly string[]): string {
  const back = others.filter((other) => compare(other, version) < 0);
  if (back.length === 0) return `set it to ${version} or a newer one`;
  return `set it to ${version} or a newer one, or go back to ${back.join(" or ")}, still installed`;
}

/** Names the versions to go through, one after the other; the newest of each minor. */
function pathFix(target: CatalogueEntry, from: string, catalogue: Catalogue): string {
  const path = pathTo(target, from, catalogue);
  if (path.length > 1) return `upgrade one minor version at a time: ${path.join(", then ")}`;
  return `this operator knows no version between the two: upgrade with an older operator first, to the minor version before ${target.version}`;
}

function pathTo(target: CatalogueEntry, from: string, catalogue: Catalogue): readonly string[] {
  const [to, start] = [semantic(target.version), semantic(from)];
  if (to.major !== start.major) return [];
  const path: string[] = [];
  let current = from;
  while (!isWithinReach(target, current)) {
    const next = furthest(current, catalogue);
    if (next === undefined) return [];
    path.push(next.version);
    current = next.version;
  }
  return [...path, target.version];
}

/** The version that takes a mesh furthest in one step, in a higher minor. */
function furthest(from: string, catalogue: Catalogue): CatalogueEntry | undefined {
  const { major, minor } = semantic(from);
  const minors = new Set(catalogue.map(({ version }) => semantic(version).minor).filter((each) => each > minor));
  const newest = [...minors].toSorted((a, b) => b - a).map((each) => newestOf(catalogue, major, each));
  return newest.find((entry) => entry !== undefined && isWithinReach(entry, from));
}
