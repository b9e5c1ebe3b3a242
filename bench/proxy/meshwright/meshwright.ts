import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneHost, volumeFiles } from "@meshwright/contract/volume";
import { adsService } from "@meshwright/control-plane/serve/ads-service";
import { serveRpc } from "@meshwright/control-plane/serve/rpc-server";
import { ServingCredentials } from "@meshwright/control-plane/serve/serving-credentials";
import { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";
import { readMeshSettings } from "@meshwright/control-plane/watch/read-mesh-settings";
import { watchMesh } from "@meshwright/control-plane/watch/watch-mesh";
import type { KubeClient } from "@meshwright/kube/client";
import { silentLogger } from "@meshwright/log/logger";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { bootstrap } from "@meshwright/proxy/bootstrap/bootstrap";
import { certificateSds, trustBundleSds } from "@meshwright/proxy/bootstrap/sds";
import { createAuthority, createVolume, type Volume } from "@meshwright/testing/volume";
import type { PodIdentity } from "../../mesh/objects.ts";
import type { Contender } from "../contender.ts";
import { startSidecar } from "../sidecar/start-sidecar.ts";

const install = { revision: "default", namespace: "mesh-system" } as const;
const trustDomain = "cluster.local";
const oneDayMs = 24 * 60 * 60_000;

/** The namespaces that our control plane expects. */
export const meshwrightNamespaces: readonly string[] = [install.namespace];

/** Starts our control plane in this process: its watches, its snapshot, its ADS server over mTLS. */
export async function startMeshwright(client: KubeClient, pod: PodIdentity): Promise<Contender> {
  await using stack = new AsyncDisposableStack();
  const authority = await createAuthority();
  const snapshot = await watched(client, authority, stack);
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "ads-")), (path) => rmSync(path, { recursive: true }));
  const socket = join(folder, "ads.socket");
  stack.use(await serveRpc(`unix:${socket}`, await credentials(authority), [adsService(snapshot)]));
  const identity = { trustDomain, namespace: pod.namespace, serviceAccount: pod.serviceAccount };
  const volume = stack.use(await createVolume(authority, identity));
  fillVolume(volume);
  const spec = {
    pod,
    bootstrap: bootstrap({ ...install, probes: [], stack: "dual", nameservers: [] }),
    volume: volume.folder,
    servers: { [ports.xds]: socket },
    hosts: [controlPlaneHost(install.revision, install.namespace)],
  };
  const started = stack.move();
  return { startSidecar: () => startSidecar(spec), [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** Sees the cluster as the process `meshd` does; resolves when everything was seen once. */
async function watched(client: KubeClient, authority: Authority, stack: AsyncDisposableStack): Promise<Snapshot> {
  const snapshot = stack.adopt(new Snapshot(), (started) => started.stop());
  const ending = stack.adopt(new AbortController(), (controller) => controller.abort());
  const options = { client, logger: silentLogger, signal: ending.signal, rootNamespace: install.namespace };
  await Promise.all(Object.values(watchMesh(snapshot, options)).map(({ synced }) => synced));
  const settings = readMeshSettings(defaultMeshConfig(install.revision, "envoy"), "v1.1.0");
  snapshot.start({ settings, trustBundle: authority.rootsPem });
  return snapshot;
}

async function credentials(authority: Authority): Promise<ServingCredentials> {
  const dnsNames = [controlPlaneHost(install.revision, install.namespace)];
  const request = { dnsNames, now: new Date(), lifetimeMs: oneDayMs };
  const { certificatePem, keyPem } = await issueServing(authority, request);
  return new ServingCredentials({ certificate: certificatePem, privateKey: keyPem, roots: authority.rootsPem });
}

/** As the node agent does. */
function fillVolume({ folder }: Volume): void {
  const files = {
    [volumeFiles.certificateSds]: certificateSds(),
    [volumeFiles.trustBundleSds]: trustBundleSds(),
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(content));
  }
}
