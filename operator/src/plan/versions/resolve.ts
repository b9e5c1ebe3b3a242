import { parse, rcompare, type SemVer } from "semver";
import type { Catalogue, CatalogueEntry } from "../../api/catalogue.ts";

const alias = /^v(\d+)\.(\d+)-latest$/;

/**
 * Finds what `spec.version` means: an exact version, or by an alias, as `v1.1-latest`, the newest release of a minor version.
 * undefined: the catalogue has no such.
 */
export function resolveVersion(text: string, catalogue: Catalogue): CatalogueEntry | undefined {
  const [, major, minor] = alias.exec(text) ?? [];
  if (major === undefined) return catalogue.find(({ version }) => version === text);
  return newestOf(catalogue, Number(major), Number(minor));
}

/** The newest release of a minor version; a version that is still tried out, as v1.2.0-rc.1, is named exactly by who wants it. */
export function newestOf(catalogue: Catalogue, major: number, minor: number): CatalogueEntry | undefined {
  const releases = catalogue.filter(({ version }) => {
    const parsed = semantic(version);
    return parsed.major === major && parsed.minor === minor && parsed.prerelease.length === 0;
  });
  return releases.toSorted((a, b) => rcompare(a.version, b.version))[0];
}

/** Everything that `spec.version` may say: exact versions newest first, then aliases. */
export function knownVersions(catalogue: Catalogue): readonly string[] {
  const exact = catalogue.map(({ version }) => version).toSorted(rcompare);
  const aliases = exact
    .map(semantic)
    .filter(({ prerelease }) => prerelease.length === 0)
    .map(({ major, minor }) => `v${major}.${minor}-latest`);
  return [...exact, ...new Set(aliases)];
}

/** Reads a version of the catalogue. Errors: an Error that names it when it is no semantic version. */
export function semantic(version: string): SemVer {
  const parsed = parse(version);
  if (parsed === null) throw new Error(`"${version}" is no semantic version: write it as v1.2.3`);
  return parsed;
}
