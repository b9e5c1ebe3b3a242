import type { Catalogue, CatalogueEntry } from "../../api/catalogue.ts";
import type { MeshInstall } from "../../api/mesh-install.ts";
import type { MeshRevision, MeshRevisionTag } from "../../api/mesh-revision.ts";
import type { Observed } from "../../observe/types.ts";
import type { OperatorSettings } from "../installation.ts";
import { complete, meshInstall, meshRevision, settings, withRevision } from "./observed.ts";

/** Versions of tests about lifecycle: more than there are, and one without fixes since before the tests' today. */
function entry(version: string, over: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    version,
    images: { controlPlane: "meshwright-meshd", nodeAgent: "meshwright-node-agent", proxy: "meshwright-proxy" },
    kubernetes: { range: ">=1.29.0", tested: ["1.37"] },
    proxies: { minorsBehind: 1 },
    ...over,
  };
}

const catalogue: Catalogue = [
  entry("v1.3.0"),
  entry("v1.2.0"),
  entry("v1.1.1"),
  entry("v1.1.0"),
  entry("v1.0.0", { endOfLife: "2029-12-31" }),
];

export const lifecycle: OperatorSettings = { ...settings, catalogue };

/** A RevisionBased install at a version; `active` is what last was ready. */
export function canary(version: string, active?: string): MeshInstall {
  const status = active === undefined ? {} : { version: active, activeRevision: revisionFor(active) };
  return meshInstall({ spec: { version, updateStrategy: { type: "RevisionBased" } }, status });
}

/** Name of a version's revision. */
export function revisionFor(version: string): string {
  return `default-${version.replaceAll(".", "-")}`;
}

export interface World {
  readonly install: MeshInstall;
  /** Versions of the revisions that are completely ready. */
  readonly revisions: readonly string[];
  /** Names of namespaces by what their labels name. */
  readonly namespaces?: Readonly<Record<string, readonly string[]>>;
  readonly pods?: Readonly<Record<string, readonly string[]>>;
  readonly tags?: readonly MeshRevisionTag[];
  /** Since when revisions are seen unused, by name; all others are seen used. */
  readonly unusedSince?: Readonly<Record<string, string>>;
  /** Since when revisions are seen inactive, by name; those left out, as long as they are seen unused. */
  readonly inactiveSince?: Readonly<Record<string, string>>;
}

/** A mesh of several revisions in a cluster. */
export function world({
  install,
  revisions,
  namespaces = {},
  pods = {},
  tags = [],
  unusedSince = {},
  inactiveSince = {},
}: World): Observed {
  const base = { ...complete(install), revisions: [], webhooks: new Map(), owned: nodeAgentOf(install, revisions) };
  const all = revisions.map((version) => {
    const name = revisionFor(version);
    const unused = unusedSince[name];
    return revisionOf(install, version, { unused, inactive: inactiveSince[name] ?? unused });
  });
  const made = all.reduce<Observed>((observed, revision) => withRevision(observed, revision, lifecycle), base);
  const references = { namespaces: new Map(Object.entries(namespaces)), pods: new Map(Object.entries(pods)) };
  return { ...made, tags, references };
}

interface Since {
  readonly unused: string | undefined;
  readonly inactive: string | undefined;
}

function revisionOf(install: MeshInstall, version: string, { unused, inactive }: Since): MeshRevision {
  const conditions = [...lacks("Active", inactive), ...lacks("InUse", unused)];
  const status = conditions.length === 0 ? {} : { status: { conditions } };
  return meshRevision(install, { name: revisionFor(version), version, ...status });
}

function lacks(type: "Active" | "InUse", since: string | undefined) {
  if (since === undefined) return [];
  const spoken = { observedGeneration: 1, reason: "No", message: "no" };
  return [{ type, status: "False", lastTransitionTime: since, ...spoken } as const];
}

/** The node agent of the newest of them, as its rollout left it. */
function nodeAgentOf(install: MeshInstall, revisions: readonly string[]): Observed["owned"] {
  const newest = catalogue.find(({ version }) => revisions.includes(version))?.version ?? "v1.0.0";
  return complete(install, { settings: lifecycle, version: newest }).owned.filter(
    ({ metadata }) => metadata.labels?.["istio.io/rev"] === undefined,
  );
}

/** A tag that follows the install, or stays at a revision. */
export function tag(name: string, target?: string): MeshRevisionTag {
  return {
    apiVersion: "meshwright.dev/v1",
    kind: "MeshRevisionTag",
    metadata: {
      name,
      uid: `uid-of-${name}`,
      generation: 1,
      resourceVersion: "1",
      creationTimestamp: "2030-01-01T00:00:00Z",
    },
    spec: {
      targetRef:
        target === undefined ? { kind: "MeshInstall", name: "default" } : { kind: "MeshRevision", name: target },
    },
  };
}
