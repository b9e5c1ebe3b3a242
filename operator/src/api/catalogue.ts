/** A version that this operator can install. */
export interface CatalogueEntry {
  /** Exact, as `v1.1.0`. */
  readonly version: string;
  /** Names of the images, without registry and tag. */
  readonly images: { readonly controlPlane: string; readonly nodeAgent: string; readonly proxy: string };
  readonly kubernetes: {
    /** A semver range of the Kubernetes versions it is meant for. */
    readonly range: string;
    /** Minor versions it is tested on, as `1.37`. */
    readonly tested: readonly string[];
  };
  readonly proxies: {
    /** How many minor versions its control plane may be ahead of the proxies that it serves; it is never behind. */
    readonly minorsBehind: number;
  };
  /** First day without fixes, as `2027-05-31`. From then on it is not installed anew; what runs goes on. */
  readonly endOfLife?: string;
  /** What changes for who comes from an older version. */
  readonly notes?: readonly UpgradeNote[];
}

/** Something that an upgrade to a version changes for some users. */
export interface UpgradeNote {
  /** Blocking: the upgrade waits until no object is affected any more. */
  readonly severity: "Blocking" | "Warning";
  /** What changes, as a sentence. */
  readonly change: string;
  /** What to do about an affected object, in the imperative. */
  readonly fix: string;
  readonly affects: Affected;
}

/** Objects that an upgrade note is about: those of a kind that have a field. */
export interface Affected {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** Path of the field, as `spec.mtls.mode`; left out: every object of the kind is meant. */
  readonly field?: string;
  /** Value of the field that is meant; left out: any. */
  readonly value?: string | number | boolean;
}

/** Versions, newest first; never empty. */
export type Catalogue = readonly [CatalogueEntry, ...CatalogueEntry[]];
