import type { KubeClient } from "@meshwright/kube/client";
import { createEventRecorder } from "@meshwright/kube/event-recorder";
import { pause } from "@meshwright/kube/pause";
import { createWorkQueue } from "@meshwright/kube/work-queue";
import type { Logger } from "@meshwright/log/logger";
import type { FleetWatch } from "../fleet/fleet-watch.ts";
import { type Caches, startCaches } from "../observe/caches.ts";
import { kubernetesVersion } from "../observe/kubernetes-version.ts";
import { observe } from "../observe/observe.ts";
import type { WebhookTarget } from "../observe/webhook-probe.ts";
import type { OperatorSettings } from "../plan/installation.ts";
import { pendingVersion } from "../plan/versions/pending.ts";
import { type FleetAccess, startFleetWatch } from "./fleet.ts";
import type { OperatorMetrics } from "./metrics.ts";
import { type Reconciler, reconcile } from "./reconcile.ts";

export interface ControllerOptions {
  readonly client: KubeClient;
  readonly logger: Logger;
  readonly settings: OperatorSettings;
  /** Name of this replica, in Events. */
  readonly instance: string;
  readonly isLeader: () => boolean;
  readonly metrics: OperatorMetrics;
  /** As WebhookTarget.address. */
  readonly webhookAddress?: WebhookTarget["address"];
  readonly fleet: FleetAccess;
}

/** An operator that cannot look at the fleet has other work all the same. */
const firstLookMs = 20_000;

/**
 * Reconciles every MeshInstall until the signal ends it: after each change of one, of an object that it owns, of a
 * namespace or of a certificate authority. Resolves when nothing is at work any more; never rejects.
 */
export async function runMeshInstallController(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  const { client, logger, instance } = options;
  const events = createEventRecorder({ client, controller: "meshwright.dev/operator", instance, logger, signal });
  // An install is reconciled from complete caches only: an object that is not listed yet would look deleted.
  const queue = createWorkQueue({
    name: "meshinstalls",
    logger,
    signal,
    work: async (name, work) => {
      await caches.synced;
      // Nor before the fleet was looked at: what the status says of it would be gone for a moment.
      await firstLook;
      return measured(options.metrics, () => reconcile(name, reconciler, work));
    },
  });
  const caches: Caches = startCaches({ client, logger, signal, onChange: (install) => enqueue(install) });
  const enqueue = (install: string | undefined): void => {
    const concerned = install === undefined ? caches.installs.list().map(({ metadata }) => metadata.name) : [install];
    for (const name of concerned) queue.add(name);
  };
  const now = (): Date => new Date();
  const fleet = startFleetWatch({ ...options, caches, events, now, onChange: () => enqueue(undefined) }, signal);
  const firstLook = Promise.race([fleet.looked, pause(firstLookMs, signal)]);
  const refreshFleet = fleet.refresh;
  const reconciler: Reconciler = { ...options, events, now, refreshFleet, observe: observer(options, caches, fleet) };
  await Promise.all([queue.done, fleet.done]);
  await events.flush();
}

function observer(
  { client, settings, webhookAddress }: ControllerOptions,
  caches: Caches,
  { state: fleet }: FleetWatch,
): Reconciler["observe"] {
  return async (name, signal) => {
    const version = await kubernetesVersion(client, signal);
    const address = webhookAddress === undefined ? {} : { webhookAddress };
    return observe(
      name,
      {
        client,
        caches,
        fleet,
        kubernetesVersion: version,
        pendingVersion: (install, revisions) => pendingVersion(install, revisions, settings.catalogue),
        now: () => new Date(),
        ...address,
      },
      signal,
    );
  };
}

async function measured<T>(metrics: OperatorMetrics, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  let result: "success" | "error" = "error";
  try {
    const value = await work();
    result = "success";
    return value;
  } finally {
    metrics.reconciled(result, (performance.now() - started) / 1_000);
  }
}
