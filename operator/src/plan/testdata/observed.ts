import { z } from "zod";
import type { CatalogueEntry } from "../../api/catalogue.ts";
import { filledIn } from "../../api/filled-in.ts";
import { versions } from "../../api/gen/versions.ts";
import { apiVersion, type MeshInstall, uninstallFinalizer } from "../../api/mesh-install.ts";
import type { MeshInstallSpec } from "../../api/mesh-install-spec.ts";
import type { MeshRevision } from "../../api/mesh-revision.ts";
import type { Observed, OwnedObject } from "../../observe/types.ts";
import { type CniMode, installation, type OperatorSettings } from "../installation.ts";
import type { Manifest } from "../manifest.ts";
import { nodeAgentManifests, revisionManifests } from "../manifests/all.ts";
import { revisionManifest } from "../revisions.ts";

/** Objects of tests: a mesh as it is in a cluster, from which each test changes what it is about. */
export const settings: OperatorSettings = {
  catalogue: versions,
  registry: "registry.example/mesh",
  namespace: "meshwright-operator",
};

/** What a user states is only part of a spec. */
const specSchema = z.custom<MeshInstallSpec>((value) => typeof value === "object");

interface InstallOptions {
  readonly name?: string;
  readonly spec?: object;
  readonly metadata?: Partial<MeshInstall["metadata"]>;
  readonly status?: MeshInstall["status"];
}

/** A MeshInstall as the API server returns it. */
export function meshInstall({ name = "default", spec = {}, metadata = {}, status }: InstallOptions = {}): MeshInstall {
  return filledIn({
    apiVersion,
    kind: "MeshInstall",
    metadata: {
      name,
      uid: `uid-of-${name}`,
      generation: 1,
      resourceVersion: "1",
      creationTimestamp: "2030-01-01T00:00:00Z",
      finalizers: [uninstallFinalizer],
      ...metadata,
    },
    spec: specSchema.parse(spec),
    ...(status === undefined ? {} : { status }),
  });
}

/** What is observed of an install before anything was applied. */
export function empty(install: MeshInstall = meshInstall()): Observed {
  return {
    install,
    installs: [install],
    kubernetesVersion: "1.37.2",
    owned: [],
    namespace: { kind: "present", created: true, terminating: false },
    certificateAuthority: { kind: "present", root: "ROOT PEM\n", expires: "2040-01-01T00:00:00Z", created: true },
    revisions: [],
    tags: [],
    references: { namespaces: new Map(), pods: new Map() },
    webhooks: new Map(),
    fleets: new Map(),
    remains: { kind: "unasked" },
    pluginUsers: { kind: "unasked" },
    podTroubles: [],
    surroundings: { kind: "unasked" },
    now: new Date("2030-01-02T00:00:00Z"),
  };
}

/** What is observed of an install that is completely ready. */
export function complete(
  install: MeshInstall = meshInstall(),
  { settings: by = settings, version = install.spec.version } = {},
): Observed {
  const revision = meshRevision(install, { version });
  const agent = nodeAgentManifests(installation({ install, entry: entryOf(version, by), ...world(install, by) }));
  return withRevision({ ...empty(install), owned: agent.map(asStored) }, revision, by);
}

function entryOf(version: string, { catalogue }: OperatorSettings): CatalogueEntry {
  return catalogue.find((known) => known.version === version) ?? catalogue[0];
}

/** Adds a revision that is completely ready, with all that it consists of. */
export function withRevision(observed: Observed, revision: MeshRevision, by = settings): Observed {
  const { install } = observed;
  const { name } = revision.metadata;
  const entry = entryOf(revision.spec.version, by);
  const made = revisionManifests(
    installation({ install, revision: { name, spec: revision.spec }, entry, ...world(install, by) }),
  );
  return {
    ...observed,
    revisions: [...observed.revisions, revision],
    owned: [...observed.owned, ...[...made.controlPlane, ...made.injector].map(asStored)],
    webhooks: new Map([...observed.webhooks, [name, { kind: "answers" } as const]]),
  };
}

interface RevisionOptions {
  readonly name?: string;
  readonly version: string;
  readonly metadata?: Partial<MeshRevision["metadata"]>;
  readonly status?: MeshRevision["status"];
}

/** A MeshRevision as an install has made it. */
export function meshRevision(install: MeshInstall, { version, status, ...options }: RevisionOptions): MeshRevision {
  const { name = install.metadata.name, metadata = {} } = options;
  const { namespace, controlPlane, proxy, injection, mesh, ca, images } = install.spec;
  const spec = { version, namespace, controlPlane, proxy, injection, mesh, ca, images };
  const manifest = revisionManifest(install, { name, spec, entry: undefined });
  const created = { generation: 1, resourceVersion: "1", creationTimestamp: "2030-01-01T00:00:00Z" };
  return {
    ...manifest,
    metadata: { ...manifest.metadata, uid: `uid-of-${name}`, ...created, ...metadata },
    spec,
    ...(status === undefined ? {} : { status }),
  };
}

function world(install: MeshInstall, by: OperatorSettings) {
  const cni: CniMode = install.spec.cni.enabled ? { stage: "enabled", redirect: "cni" } : { redirect: "init" };
  return { root: "ROOT PEM\n", kubernetesVersion: "1.37.2", cni, settings: by };
}

/** A manifest as the API server and the controllers made it an object. */
export function asStored(manifest: Manifest): OwnedObject {
  const object = {
    ...manifest,
    metadata: { ...manifest.metadata, uid: `uid-of-${manifest.metadata.name}`, generation: 1 },
  };
  const status = statuses[manifest.kind];
  return status === undefined ? object : { ...object, status: { observedGeneration: 1, ...status } };
}

const statuses: Readonly<Record<string, object>> = {
  Deployment: { replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
  DaemonSet: { desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 },
};
