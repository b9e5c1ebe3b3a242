import type { Catalogue, CatalogueEntry } from "../api/catalogue.ts";
import type { MeshInstall } from "../api/mesh-install.ts";
import type { MeshInstallSpec } from "../api/mesh-install-spec.ts";
import type { MeshRevisionSpec } from "../api/mesh-revision-spec.ts";
import type { CniStage } from "../api/names.ts";

/** What the operator itself was started with. */
export interface OperatorSettings {
  readonly catalogue: Catalogue;
  /** Registry and path in front of the images' names where an install names none. */
  readonly registry: string;
  /** Namespace in which the operator runs; its pods are never injected. */
  readonly namespace: string;
}

/** What the two sides of CNI mode are to do. */
export interface CniMode {
  /** What the node agents do with the plugin; absent: nothing. */
  readonly stage?: CniStage;
  /** What the injector says in new pods. */
  readonly redirect: "init" | "cni";
}

/** One revision of a MeshInstall with everything resolved that its manifests need. */
export interface Installation {
  /** Name of the MeshInstall. */
  readonly name: string;
  readonly revision: string;
  readonly namespace: string;
  readonly version: string;
  readonly images: { readonly controlPlane: string; readonly nodeAgent: string; readonly proxy: string };
  readonly spec: MeshInstallSpec;
  /** Root certificate of the mesh, PEM. */
  readonly root: string;
  /** Semantic version of the API server. */
  readonly kubernetesVersion: string;
  readonly cni: CniMode;
  /** Namespaces whose pods are never injected. */
  readonly excludedNamespaces: readonly string[];
}

export interface InstallationInput {
  readonly install: MeshInstall;
  /** Name of the revision, and what it says for itself; absent for what all revisions share. */
  readonly revision?: { readonly name: string; readonly spec: MeshRevisionSpec };
  readonly entry: CatalogueEntry;
  readonly root: string;
  readonly kubernetesVersion: string;
  readonly cni: CniMode;
  readonly settings: OperatorSettings;
}

/** Kubernetes' own namespaces: a sidecar there could keep a node from becoming ready. */
const kubernetesNamespaces = ["kube-node-lease", "kube-public", "kube-system"] as const;

export function installation(input: InstallationInput): Installation {
  const { install, entry, settings, revision } = input;
  const spec: MeshInstallSpec = { ...install.spec, ...revision?.spec };
  const registry = spec.images.registry ?? settings.registry;
  const tag = spec.images.tag ?? entry.version;
  const image = (name: string): string => `${registry.replace(/\/$/, "")}/${name}:${tag}`;
  return {
    name: install.metadata.name,
    revision: revision?.name ?? install.metadata.name,
    namespace: spec.namespace,
    version: entry.version,
    images: {
      controlPlane: image(entry.images.controlPlane),
      nodeAgent: image(entry.images.nodeAgent),
      proxy: image(entry.images.proxy),
    },
    spec,
    root: input.root,
    kubernetesVersion: input.kubernetesVersion,
    cni: input.cni,
    excludedNamespaces: [...new Set([...kubernetesNamespaces, spec.namespace, settings.namespace])].toSorted(),
  };
}
