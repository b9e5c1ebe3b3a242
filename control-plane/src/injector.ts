import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { MeshConfig } from "@meshwright/contract/mesh-config";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneHost } from "@meshwright/contract/volume";
import { createEventRecorder, type EventRecorder } from "@meshwright/kube/event-recorder";
import { namespaces } from "@meshwright/kube/resource-types";
import { createStore, type Store } from "@meshwright/kube/store";
import type { KubeObject } from "@meshwright/kube/types";
import { measureEventLoopLag } from "@meshwright/metrics/event-loop-lag";
import { startMonitoring } from "@meshwright/metrics/monitoring-server";
import { openAuthority } from "./ca/authority-source.ts";
import { LiveValue, mapLive } from "./ca/live.ts";
import { openServingCertificate } from "./ca/serving-certificate.ts";
import { type Context, drainMs } from "./context.ts";
import { readServerVersion } from "./watch/server-version.ts";
import { type MeshConfigWatch, watchMeshConfig } from "./watch/watch-mesh-config.ts";
import { kubeletVersions, watchNodes } from "./watch/watch-nodes.ts";
import { inject } from "./webhook/inject/inject.ts";
import { supportsNativeSidecars } from "./webhook/inject/native-sidecar.ts";
import type { Namespace } from "./webhook/inject/selection.ts";
import { registerInjectionMetrics } from "./webhook/injection-metrics.ts";
import { startWebhookServer, type WebhookServer } from "./webhook/webhook-server.ts";

/** What the injector sees of the cluster. */
interface Cluster {
  readonly namespaces: Store<KubeObject>;
  readonly nodes: ReturnType<typeof watchNodes>;
  /** The mesh's settings; undefined until they were read. */
  readonly config: LiveValue<MeshConfig | undefined>;
  readonly settings: MeshConfigWatch;
}

/** Answers the API server about new pods until the process is told to end. */
export async function runInjector(context: Context, terminated: Promise<void>, end: () => void): Promise<void> {
  const { registry, signal, logger } = context;
  let phase = "starting";
  const cluster = watchCluster(context);
  measureEventLoopLag(registry, signal);
  const ready = (): true | string => (phase === "serving" ? true : `${phase}${missing(cluster)}`);
  await startMonitoring({ port: ports.injectorMonitoring, ready, version: context.version, registry, signal });
  const server = await Promise.race([start(context, cluster), terminated]);
  if (server === undefined) return;
  phase = "serving";
  logger.info({ webhookPort: ports.webhook }, "injector serving");
  await terminated;
  phase = "draining";
  server.drain();
  logger.info({}, "injector draining");
  await delay(drainMs);
  end();
  await server.closed;
}

function watchCluster({ client, flags, logger, signal }: Context): Cluster {
  const options = { client, logger, signal };
  const config = new LiveValue<MeshConfig | undefined>(undefined);
  const configMap = { name: flags.configMap, namespace: flags.namespace };
  const settings = watchMeshConfig({ ...options, configMap, onConfig: (value) => config.set(value) });
  return { config, settings, nodes: watchNodes(options), namespaces: createStore({ ...options, type: namespaces }) };
}

/** Serves when everything was seen once: before, a pod could get what the mesh's settings do not say. */
async function start(context: Context, cluster: Cluster): Promise<WebhookServer> {
  const { client, flags, logger, registry, signal } = context;
  await Promise.all([cluster.namespaces.synced, cluster.nodes.synced, cluster.settings.synced]);
  const first = await cluster.settings.first;
  const config = mapLive(cluster.config, (value) => value ?? first);
  const authority = await openAuthority({ dir: flags.caDir, logger, signal });
  const dnsNames = [controlPlaneHost(flags.revision, flags.namespace)];
  const certificate = await openServingCertificate({ authority, dnsNames, now: () => new Date(), logger, signal });
  const serverVersion = await readServerVersion(client);
  const events = recorder(context);
  return await startWebhookServer({
    port: ports.webhook,
    certificate,
    inject: (pod, namespace, tag) => {
      const nativeSidecars = supportsNativeSidecars(serverVersion, kubeletVersions(cluster.nodes));
      const settings = { mesh: config.current(), nativeSidecars, version: context.version };
      return inject(pod, namespaceOf(namespace, cluster), settings, tag);
    },
    metrics: registerInjectionMetrics(registry),
    tell: (notice) => events.record({ ...notice, type: "Warning", action: "Inject" }),
    logger,
    signal,
  });
}

function namespaceOf(name: string, { namespaces: store }: Cluster): Namespace {
  const namespace = store.get({ name });
  return { name, labels: namespace === undefined ? "unknown" : (namespace.metadata.labels ?? {}) };
}

function recorder({ client, logger, signal }: Context): EventRecorder {
  return createEventRecorder({ client, controller: "meshwright.dev/injector", instance: hostname(), logger, signal });
}

/** Names what a replica that is not ready waits for. */
function missing({ namespaces: store, nodes, settings, config }: Cluster): string {
  const watches = { Namespace: store, Node: nodes, ConfigMap: settings };
  const kinds = Object.entries(watches).flatMap(([kind, watch]) => (watch.isSynced() ? [] : [kind]));
  if (kinds.length > 0) return `: waiting for the first list of ${kinds.join(", ")}`;
  return config.current() === undefined ? ": waiting for valid mesh settings" : "";
}
