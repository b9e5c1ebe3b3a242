import type { KubeClient } from "@meshwright/kube/client";
import type { MeshService } from "../../mesh/objects.ts";
import { ClientProcess } from "../clients/client-process.ts";
import type { ProxySpec } from "../clients/messages.ts";
import type { Contender } from "../contender.ts";
import type { Cell } from "../plan.ts";
import { type Certificates, choosePods } from "../proxy-specs.ts";
import { type Churn, measureChurn } from "./churn.ts";
import { type Configuring, measureConfiguring } from "./configure.ts";
import { measureEndpointChanges } from "./endpoint-changes.ts";
import type { Latency } from "./latency.ts";
import { measureRollout, type Rollout } from "./rollout.ts";
import { measureServiceAdded } from "./service-added.ts";

/** What was measured of one cell. */
export interface CellResult extends Cell {
  /** One for each run, each with a fresh control plane. */
  readonly configuring: readonly Configuring[];
  readonly changes?: Changes;
  readonly churn?: Churn;
}

interface Changes {
  readonly endpoint: Latency;
  readonly serviceAdded: Latency;
  readonly rollout: Rollout;
}

/** How long and how often is measured. */
export interface Effort {
  readonly runs: number;
  readonly settleMs: number;
  readonly churnSeconds: number;
  /** Endpoint changes, each there and back. */
  readonly endpointPairs: number;
  readonly servicesAdded: number;
  readonly rolloutPods: number;
}

export interface CellOptions {
  readonly contender: Contender;
  readonly services: readonly MeshService[];
  readonly kube: KubeClient;
  readonly certificates: Certificates;
  /** What every Envoy says of itself: an encoded `Node` in base64. */
  readonly node: string;
  readonly effort: Effort;
}

/** Measures a cell: every run with a fresh control plane and fresh clients, the stages after the last one. */
export async function measureCell(cell: Cell, options: CellOptions): Promise<CellResult> {
  const { runs } = options.effort;
  const specs = await proxySpecs(cell, options);
  const configuring: Configuring[] = [];
  for (let run = 1; run < runs; run++)
    configuring.push((await once({ ...cell, stages: [] }, specs, options)).configuring);
  const { configuring: last, ...staged } = await once(cell, specs, options);
  return { ...cell, configuring: [...configuring, last], ...staged };
}

async function once(cell: Cell, specs: readonly ProxySpec[], options: CellOptions) {
  const { contender, services, kube, node, effort } = options;
  await using controlPlane = await contender.start();
  await using clients = new ClientProcess();
  const arriving = { node, proxies: specs, expected: expectedOf(services) };
  const configuring = await measureConfiguring(controlPlane, clients, arriving, effort.settleMs);
  const running = { controlPlane, clients, kube, services };
  const has = (stage: Cell["stages"][number]): boolean => cell.stages.includes(stage);
  return {
    configuring,
    ...(has("changes") ? { changes: await measureChanges(running, effort) } : {}),
    ...(has("churn") ? { churn: await measureChurn(running, effort.churnSeconds) } : {}),
  };
}

async function measureChanges(running: Parameters<typeof measureChurn>[0], effort: Effort): Promise<Changes> {
  return {
    endpoint: await measureEndpointChanges(running, effort.endpointPairs),
    serviceAdded: await measureServiceAdded(running, effort.servicesAdded),
    rollout: await measureRollout(running, effort.rolloutPods),
  };
}

/** Every port of a Service has a cluster; TCP ports have listeners of their own. */
function expectedOf(services: readonly MeshService[]) {
  const tcp = services.filter(({ hasTcpPort }) => hasTcpPort).length;
  return { clusters: services.length + tcp, listeners: tcp };
}

async function proxySpecs(cell: Cell, { contender, services, certificates }: CellOptions): Promise<ProxySpec[]> {
  const specs: ProxySpec[] = [];
  for (const pod of choosePods(services, cell.proxies)) {
    const { certificate, privateKey } = await certificates.prove(pod);
    specs.push({
      nodeId: `sidecar~${pod.address}~${pod.name}.${pod.namespace}~${pod.namespace}.svc.cluster.local`,
      cluster: `${pod.serviceAccount}.${pod.namespace}`,
      metadata: contender.metadata(pod),
      certificate,
      privateKey,
    });
  }
  if (specs.length < cell.proxies)
    throw new Error(`cannot measure ${cell.proxies} proxies: the mesh has ${specs.length} pods`);
  return specs;
}
