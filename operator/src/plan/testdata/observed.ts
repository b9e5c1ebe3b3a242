import { z } from "zod";
import { versions } from "../../api/gen/versions.ts";
import { apiVersion, type MeshInstall, uninstallFinalizer } from "../../api/mesh-install.ts";
import { type MeshInstallSpec, meshInstallSpec } from "../../api/mesh-install-spec.ts";
import { withDefaults } from "../../api/schema/with-defaults.ts";
import type { Observed, OwnedObject } from "../../observe/types.ts";
import { type CniMode, installation, type OperatorSettings } from "../installation.ts";
import type { Manifest } from "../manifest.ts";
import { manifests } from "../manifests/all.ts";

/** Objects of tests: a mesh as it is in a cluster, from which each test changes what it is about. */
export const settings: OperatorSettings = {
  catalogue: versions,
  registry: "registry.example/mesh",
  namespace: "meshwright-operator",
};

const specSchema = z.custom<MeshInstallSpec>((value) => typeof value === "object");

interface InstallOptions {
  readonly name?: string;
  readonly spec?: object;
  readonly metadata?: Partial<MeshInstall["metadata"]>;
  readonly status?: MeshInstall["status"];
}

/** A MeshInstall as the API server returns it. */
export function meshInstall({ name = "default", spec = {}, metadata = {}, status }: InstallOptions = {}): MeshInstall {
  return {
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
    spec: specSchema.parse(withDefaults(meshInstallSpec.node, spec)),
    ...(status === undefined ? {} : { status }),
  };
}

/** What is observed of an install before anything was applied. */
export function empty(install: MeshInstall = meshInstall()): Observed {
  return {
    install,
    installs: [install],
    kubernetesVersion: "1.37.2",
    owned: [],
    namespace: { kind: "present", created: true, terminating: false },
    certificateAuthority: { kind: "present", root: "ROOT PEM\n", created: true },
    webhook: { kind: "unasked" },
    remains: { kind: "unasked" },
    fleet: { kind: "unasked" },
    pluginUsers: { kind: "unasked" },
  };
}

/** What is observed of an install that is completely ready. */
export function complete(install: MeshInstall = meshInstall()): Observed {
  const [newest] = versions;
  const entry = versions.find(({ version }) => version === install.spec.version) ?? newest;
  const cni: CniMode = install.spec.cni.enabled ? { stage: "enabled", redirect: "cni" } : { redirect: "init" };
  const root = "ROOT PEM\n";
  const made = manifests(installation({ install, entry, root, kubernetesVersion: "1.37.2", cni, settings }));
  const owned = [...made.nodeAgent, ...made.controlPlane, ...made.injector].map(asStored);
  return { ...empty(install), owned, webhook: { kind: "answers" } };
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
