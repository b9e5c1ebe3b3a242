import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { startApiServer } from "@meshwright/testing/api-server";
import { istioNamespace } from "../istio/istiod.ts";
import { fillCluster } from "../mesh/fill-cluster.ts";
import { measuredPod } from "../mesh/objects.ts";
import type { MeshSize } from "../translate/mesh.ts";
import type { Contender } from "./contender.ts";
import { type OnTheWay, startIstio } from "./istio/istio.ts";
import { meshwrightNamespaces, startMeshwright } from "./meshwright/meshwright.ts";
import type { Figures } from "./sidecar/figures.ts";
import { measure } from "./sidecar/measure.ts";

export interface RunOptions {
  readonly istiod: string;
  readonly runs: number;
  readonly idleMs: number;
  /** Told what is being done. */
  readonly note: (what: string) => void;
}

/** One run: both sidecars, one after the other. */
export interface Pair {
  readonly meshwright: Figures;
  readonly istio: Figures;
}

export interface Measured {
  readonly size: MeshSize;
  readonly pairs: readonly Pair[];
  /** Of the last run. */
  readonly onTheWay: OnTheWay;
}

/** Measures both at one size of mesh, which both control planes see in the same API server. */
export async function runSize(size: MeshSize, options: RunOptions): Promise<Measured> {
  const { runs, note } = options;
  await using stack = new AsyncDisposableStack();
  note(`${size.services} services: API server`);
  const apiServer = stack.adopt(await startApiServer(), (server) => server.stop());
  const connection = loadConnection(apiServer.kubeconfig);
  const client = createKubeClient({ connection, userAgent: "meshwright-bench" });
  note(`${size.services} services: objects`);
  await fillCluster(client, size, [...meshwrightNamespaces, istioNamespace]);
  note(`${size.services} services: control planes`);
  const pod = measuredPod(size);
  const meshwright = stack.use(await startMeshwright(client, pod));
  const istio = stack.use(await startIstio(options.istiod, apiServer.kubeconfig, pod));
  // The first sidecar of each pays for what its control plane has not worked out yet.
  for (const contender of [meshwright, istio]) await (await contender.startSidecar())[Symbol.asyncDispose]();
  const pairs: Pair[] = [];
  for (let run = 1; run <= runs; run++) {
    note(`${size.services} services: run ${run} of ${runs}`);
    pairs.push({ meshwright: await once(meshwright, options), istio: await once(istio, options) });
  }
  return { size, pairs, onTheWay: istio.onTheWay() };
}

async function once(contender: Contender, { idleMs }: RunOptions): Promise<Figures> {
  await using sidecar = await contender.startSidecar();
  return await measure(sidecar, idleMs);
}
