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
}

/** Versions, newest first; never empty. */
export type Catalogue = readonly [CatalogueEntry, ...CatalogueEntry[]];
