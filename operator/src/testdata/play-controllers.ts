import type { KubeClient } from "@meshwright/kube/client";
import { pause } from "@meshwright/kube/pause";
import { daemonSets, deployments, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";

interface Workload extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly observedGeneration?: number };
}

const everyMs = 100;

/** Counts of a complete rollout: of so many replicas, or of a pod on the one node. */
export function completeCounts(kind: string, replicas = 1): object {
  if (kind === "Deployment")
    return { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
  return {
    currentNumberScheduled: 1,
    desiredNumberScheduled: 1,
    numberMisscheduled: 0,
    numberReady: 1,
    updatedNumberScheduled: 1,
    numberAvailable: 1,
  };
}

/** Says of every rollout in a namespace that it is complete, as controllers and kubelets would, until the signal ends it. */
export async function playControllers(client: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await completeAll(client, namespace);
    await pause(everyMs, signal);
  }
}

async function completeAll(client: KubeClient, namespace: string): Promise<void> {
  for (const type of [typed<Workload>(deployments), typed<Workload>(daemonSets)]) {
    const { items } = await client.list(type, { namespace });
    for (const { metadata, spec, status } of items) {
      if (status?.observedGeneration === metadata.generation) continue;
      const counts = completeCounts(type.kind, spec.replicas);
      const next = { status: { ...counts, observedGeneration: metadata.generation } };
      const key = { name: metadata.name, namespace };
      // What is gone meanwhile needs no status.
      await client.patch(type, key, next, { subresource: "status" }).catch(() => undefined);
    }
  }
}
