import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultMeshConfig, type MeshConfig } from "@meshwright/contract/mesh-config";
import { controlPlaneHost } from "@meshwright/contract/volume";
import { adsService } from "@meshwright/control-plane/serve/ads-service";
import { serveRpc } from "@meshwright/control-plane/serve/rpc-server";
import { ServingCredentials } from "@meshwright/control-plane/serve/serving-credentials";
import { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";
import type { KubePeerAuthentication } from "@meshwright/control-plane/watch/kube-shapes";
import { readEndpointSlice } from "@meshwright/control-plane/watch/read-endpoint-slice";
import { readMeshSettings } from "@meshwright/control-plane/watch/read-mesh-settings";
import { readPeerAuthentication } from "@meshwright/control-plane/watch/read-peer-authentication";
import { readService } from "@meshwright/control-plane/watch/read-service";
import { readWorkload } from "@meshwright/control-plane/watch/read-workload";
import { trimPod } from "@meshwright/control-plane/watch/trim-pod";
import { keyOf } from "@meshwright/kube/types";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { type BedObjects, bedObjects } from "./objects.ts";
import { observedViews } from "./observed-views.ts";
import { install } from "./sidecar.ts";

/** The control plane that the bed's sidecars listen to. Disposing stops it. */
export interface ControlPlane extends AsyncDisposable {
  /** Unix socket on which it serves ADS over mTLS. */
  readonly socket: string;
  /** Where its watches put what they see. */
  readonly snapshot: Snapshot;
}

/** What a bed sets otherwise than a mesh about which nothing was said. */
export interface BedSettings {
  readonly mesh?: Partial<Pick<MeshConfig, "mtls" | "outboundTrafficPolicy">>;
  readonly peerAuthentications?: readonly KubePeerAuthentication[];
}

const oneHourMs = 60 * 60_000;

/** Runs the product's readers, snapshot and ADS server on the bed's objects. */
export async function startControlPlane(
  authority: Authority,
  { mesh = {}, peerAuthentications = [] }: BedSettings,
): Promise<ControlPlane> {
  await using stack = new AsyncDisposableStack();
  const snapshot = stack.adopt(new Snapshot(), (started) => started.stop());
  fill(snapshot, bedObjects());
  for (const policy of peerAuthentications)
    snapshot.setPeerAuthentication(keyOf(policy), readPeerAuthentication(policy, install.namespace));
  const config = { ...defaultMeshConfig(install.revision, "envoy"), ...mesh };
  snapshot.start({ settings: readMeshSettings(config, "v1.1.0"), trustBundle: authority.rootsPem });

  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "ads-")), (path) => rmSync(path, { recursive: true }));
  const socket = join(folder, "ads.socket");
  stack.use(await serveRpc(`unix:${socket}`, await credentials(authority), [adsService(observedViews(snapshot))]));
  for (const path of [folder, socket]) chmodSync(path, 0o777);
  const started = stack.move();
  return { socket, snapshot, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function fill(snapshot: Snapshot, { pods, services, endpointSlices }: BedObjects): void {
  for (const pod of pods) snapshot.setWorkload(keyOf(pod), readWorkload(trimPod(pod)));
  for (const service of services) snapshot.setService(keyOf(service), readService(service));
  for (const slice of endpointSlices) snapshot.setEndpointSlice(keyOf(slice), readEndpointSlice(slice));
}

async function credentials(authority: Authority): Promise<ServingCredentials> {
  const dnsNames = [controlPlaneHost(install.revision, install.namespace)];
  const { certificatePem, keyPem } = await issueServing(authority, {
    dnsNames,
    now: new Date(),
    lifetimeMs: oneHourMs,
  });
  return new ServingCredentials({ certificate: certificatePem, privateKey: keyPem, roots: authority.rootsPem });
}
