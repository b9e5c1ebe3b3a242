import { ipStackMetadata } from "@meshwright/contract/ip-stack";
import { defaultMeshConfig, meshConfigKey } from "@meshwright/contract/mesh-config";
import { renderMeshConfig } from "@meshwright/contract/mesh-config-yaml";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneHost, controlPlaneName, secretNames } from "@meshwright/contract/volume";
import type { KubeConfigMap } from "@meshwright/control-plane/watch/kube-shapes";
import type { KubeClient } from "@meshwright/kube/client";
import { configMaps, typed } from "@meshwright/kube/resource-types";
import { startDaemon } from "@meshwright/testing/daemon";
import { imageProcess } from "../../process-image.ts";
import type { Contender, ControlPlane } from "../contender.ts";
import type { Site } from "./site.ts";

const revision = "default";

/** The namespace in which our control plane expects its settings. */
export const meshwrightNamespace = "mesh-system";

const readyTimeoutMs = 60_000;

export interface MeshwrightOptions extends Site {
  /** The bundled process, as it stands in its image. */
  readonly program: string;
  /** Folder for a CPU profile of each process; default none is taken. */
  readonly profile?: string;
}

/** Our control plane, as the process that its image runs; its ports are fixed, so that there is one at a time. */
export function meshwright(options: MeshwrightOptions): Contender {
  return {
    name: "meshwright",
    start: () => startMeshd(options),
    metadata: () => ({ [ipStackMetadata]: "dual" }),
  };
}

/** Writes the settings, as the operator does for a MeshInstall that says nothing. */
export async function createSettings(client: KubeClient): Promise<void> {
  const data = { [meshConfigKey]: renderMeshConfig(defaultMeshConfig(revision, "envoy")) };
  const metadata = { namespace: meshwrightNamespace, name: controlPlaneName(revision) };
  await client.create(typed<KubeConfigMap>(configMaps), { apiVersion: "v1", kind: "ConfigMap", metadata, data });
}

async function startMeshd({ program, profile, kubeconfig, authorityFolder, authority }: MeshwrightOptions) {
  const flags = {
    "--role": "xds",
    "--revision": revision,
    "--namespace": meshwrightNamespace,
    "--config-map": controlPlaneName(revision),
    "--ca-dir": authorityFolder,
  };
  const args = Object.entries(flags).map(([name, value]) => `${name}=${value}`);
  const profiling = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  const image = imageProcess();
  const environment = { ...image.environment, MESHWRIGHT_VERSION: "v1.1.0" };
  const line = [...image.nodeOptions, ...profiling, program, ...args];
  const daemon = startDaemon(process.execPath, line, { ...environment, KUBECONFIG: kubeconfig });
  const ready = `http://127.0.0.1:${ports.monitoring}/ready`;
  await daemon.untilReady(async () => (await fetch(ready)).ok, readyTimeoutMs);
  const target = {
    port: ports.xds,
    serverName: controlPlaneHost(revision, meshwrightNamespace),
    roots: authority.rootsPem,
    secrets: [secretNames.trustBundle],
  };
  // A profile is written by a process that ends by itself, which takes it some seconds: it drains.
  const dispose = () => (profile === undefined ? daemon.kill() : daemon.stop());
  return { pid: daemon.pid, target, [Symbol.asyncDispose]: dispose } satisfies ControlPlane;
}
