import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { volumeFiles } from "@meshwright/contract/volume";
import { createAuthority, createVolume, type Volume } from "@meshwright/testing/volume";
import { startIstiod } from "../../istio/istiod.ts";
import type { PodIdentity } from "../../mesh/objects.ts";
import type { Contender } from "../contender.ts";
import { startSidecar } from "../sidecar/start-sidecar.ts";
import { istioBootstrap } from "./bootstrap.ts";
import { startRelay } from "./relay.ts";
import { type Certificate, serveSecrets } from "./secrets.ts";

/** What happened to istiod's configuration on the way to a sidecar. */
export interface OnTheWay {
  /** Filters that were left out, by name. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** How long leaving them out took, in milliseconds. */
  readonly relayMs: number;
}

/** Istio, and what happened on the way to the latest sidecar. */
export interface Istio extends Contender {
  onTheWay(): OnTheWay;
}

/** Starts istiod before an API server, and what an agent in the pod would be. */
export async function startIstio(binary: string, kubeconfig: string, pod: PodIdentity): Promise<Istio> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "istio-")), (path) => rmSync(path, { recursive: true }));
  // One sidecar at a time: the limit on new ones would only lengthen its way.
  const environment = { PILOT_MAX_REQUESTS_PER_SECOND: "2000" };
  const istiod = await startIstiod({ binary, kubeconfig, folder, environment });
  stack.defer(() => istiod.daemon.stop());
  const sockets = { xds: join(folder, "xds.socket"), secrets: join(folder, "secrets.socket") };
  const relay = stack.use(await startRelay(sockets.xds, istiod.address));
  const identity = { trustDomain: "cluster.local", namespace: pod.namespace, serviceAccount: pod.serviceAccount };
  const volume = stack.use(await createVolume(await createAuthority(), identity));
  stack.use(await serveSecrets(sockets.secrets, certificateOf(volume)));
  const spec = { pod, bootstrap: istioBootstrap(pod, sockets) };
  const started = stack.move();
  return {
    startSidecar: async () => {
      const sidecar = await startSidecar(spec);
      const [rejection] = relay.latest().rejections;
      if (rejection === undefined) return sidecar;
      await sidecar[Symbol.asyncDispose]();
      throw new Error(`cannot measure Istio's configuration: Envoy rejected some of it: ${rejection}`);
    },
    onTheWay: () => {
      const { leftOut, workMs } = relay.latest();
      return { leftOut: Object.fromEntries(leftOut), relayMs: workMs };
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function certificateOf({ folder }: Volume): Certificate {
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return {
    chain: read(volumeFiles.certificate),
    privateKey: read(volumeFiles.privateKey),
    roots: read(volumeFiles.trustBundle),
  };
}
