import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { MeshConfig } from "@meshwright/contract/mesh-config";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneHost } from "@meshwright/contract/volume";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import type { ListWatch } from "@meshwright/kube/list-watch";
import { logCrashes } from "@meshwright/log/crashes";
import { createLogger } from "@meshwright/log/logger";
import { measureEventLoopLag } from "@meshwright/metrics/event-loop-lag";
import { startMonitoring } from "@meshwright/metrics/monitoring-server";
import { createRegistry } from "@meshwright/metrics/registry";
import type { Authority } from "@meshwright/pki/authority";
import type { KeyPair } from "@meshwright/pki/serving";
import { IstioCertificateService } from "@meshwright/rpc-api/gen/istio/v1/auth/ca_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import { openAuthority } from "./ca/authority-source.ts";
import { registerCaMetrics } from "./ca/ca-metrics.ts";
import { certificateService } from "./ca/certificate-service.ts";
import { type Live, LiveValue, mapLive } from "./ca/live.ts";
import { openServingCertificate } from "./ca/serving-certificate.ts";
import { tokenReviewer } from "./ca/token-review.ts";
import { type Context, drainMs, type Role, readFlags } from "./context.ts";
import { openDebugPort } from "./debug-port.ts";
import { Registry } from "./fleet/registry.ts";
import { registerRegistryMetrics, registerServiceCount, registerVersion } from "./fleet/registry-metrics.ts";
import { runInjector } from "./injector.ts";
import { adsService } from "./serve/ads-service.ts";
import { Connections } from "./serve/connections.ts";
import { defaultConnectionLimits } from "./serve/limits.ts";
import { ProxyTable } from "./serve/proxy-table.ts";
import { type RpcServer, type RpcService, serveRpc } from "./serve/rpc-server.ts";
import { registerServeMetrics } from "./serve/serve-metrics.ts";
import { type ServingCertificate, ServingCredentials } from "./serve/serving-credentials.ts";
import { registerPushMetrics } from "./snapshot/push-metrics.ts";
import { Snapshot } from "./snapshot/snapshot.ts";
import { platformTimers } from "./snapshot/timers.ts";
import { readMeshSettings } from "./watch/read-mesh-settings.ts";
import { bothSinks, watchMesh } from "./watch/watch-mesh.ts";
import { watchMeshConfig } from "./watch/watch-mesh-config.ts";

/** What each role does until the process is told to end; `end` stops what serves nobody any more. */
const roles: Readonly<Record<Role, (context: Context, terminated: Promise<void>, end: () => void) => Promise<void>>> = {
  xds: runControlPlane,
  injector: runInjector,
};

const logger = createLogger("meshd");

logCrashes(logger);

try {
  await main();
} catch (error) {
  logger.error({ error }, "control plane failed");
  process.exit(1);
}

async function main(): Promise<void> {
  const ending = new AbortController();
  const terminated = signalled(["SIGTERM", "SIGINT"]);
  const version = process.env["MESHWRIGHT_VERSION"] ?? "development";
  const context: Context = {
    flags: readFlags(),
    client: createKubeClient({ connection: loadConnection(), userAgent: `meshd/${version}` }),
    logger,
    registry: createRegistry(),
    version,
    signal: ending.signal,
  };
  logger.info({ version, ...context.flags }, "control plane starting");
  await roles[context.flags.role](context, terminated, () => ending.abort());
  ending.abort();
  logger.info({}, "control plane stopped");
  process.exit(0);
}

/** Serves proxies until the process is told to end. */
async function runControlPlane(context: Context, terminated: Promise<void>): Promise<void> {
  const { registry, signal } = context;
  let phase = "starting";
  const cluster = watchCluster(context);
  measureEventLoopLag(registry, signal);
  const ready = (): true | string => (phase === "serving" ? true : `${phase}${missing(cluster)}`);
  registerVersion(registry, context.version);
  await startMonitoring({ port: ports.monitoring, ready, version: context.version, registry, signal });
  const server = await Promise.race([start(context, cluster), terminated]);
  if (server === undefined) return;
  phase = "serving";
  logger.info({ xdsPort: ports.xds }, "control plane serving");
  await terminated;
  phase = "draining";
  logger.info({}, "control plane draining");
  // Kubernetes takes a moment to send new connections elsewhere; until then they are served.
  await delay(drainMs);
  await server[Symbol.asyncDispose]();
}

async function start(context: Context, cluster: Cluster): Promise<RpcServer> {
  const authority = await openAuthority({ dir: context.flags.caDir, logger, signal: context.signal });
  const config = await startSnapshot(context, cluster, authority);
  return await serve(context, cluster, authority, config);
}

/** Everything that is seen of the cluster. */
interface Cluster {
  readonly snapshot: Snapshot;
  /** The same objects, for people to look at. */
  readonly objects: Registry;
  /** The mesh's settings; undefined until they were read. */
  readonly config: LiveValue<MeshConfig | undefined>;
  readonly firstConfig: Promise<MeshConfig>;
  readonly watches: Readonly<Record<string, ListWatch>>;
}

function watchCluster({ client, flags, registry, signal }: Context): Cluster {
  const options = { client, logger, signal };
  const snapshot = new Snapshot(platformTimers, registerPushMetrics(registry, logger));
  const { onEvent, onRead, onSettings } = registerRegistryMetrics(registry);
  const objects = new Registry(onEvent);
  registerServiceCount(registry, objects);
  const config = new LiveValue<MeshConfig | undefined>(undefined);
  const onConfig = (value: MeshConfig): void => {
    onSettings();
    config.set(value);
  };
  const configMap = { name: flags.configMap, namespace: flags.namespace };
  const settings = watchMeshConfig({ ...options, configMap, onConfig });
  const sink = bothSinks(objects, snapshot);
  const watches = { ...watchMesh(sink, { ...options, onRead, rootNamespace: flags.namespace }), ConfigMap: settings };
  return { snapshot, objects, config, firstConfig: settings.first, watches };
}

/** Starts the snapshot when everything was seen once: a proxy that were told less would drop what it has. */
async function startSnapshot(
  { version }: Context,
  { snapshot, watches, config, firstConfig }: Cluster,
  authority: Live<Authority>,
): Promise<Live<MeshConfig>> {
  await Promise.all(Object.values(watches).map(({ synced }) => synced));
  const first = await firstConfig;
  const live = mapLive(config, (value) => value ?? first);
  const trustBundle = authority.current().rootsPem;
  snapshot.start({ settings: readMeshSettings(live.current(), version), trustBundle });
  await snapshot.settled();
  live.onChange((value) => snapshot.setSettings(readMeshSettings(value, version)));
  authority.onChange(({ rootsPem }) => snapshot.setTrustBundle(rootsPem));
  return live;
}

async function serve(
  context: Context,
  cluster: Cluster,
  authority: Live<Authority>,
  config: Live<MeshConfig>,
): Promise<RpcServer> {
  const { flags, signal } = context;
  const name = controlPlaneHost(flags.revision, flags.namespace);
  const dnsNames = [name, `${name}.${config.current().clusterDomain}`];
  const now = (): Date => new Date();
  const certificate = await openServingCertificate({ authority, dnsNames, now, logger, signal });
  // A changed authority renews the serving certificate too, so that this follows both.
  const serving = mapLive(certificate, (pair) => servingCertificate(pair, authority));
  const credentials = new ServingCredentials(serving.current());
  serving.onChange((next) => credentials.update(next));
  const observer = registerServeMetrics(context.registry);
  const connections = new Connections({ limits: defaultConnectionLimits, observer, log: logger });
  const table = new ProxyTable();
  const host = anyAddress();
  await openDebugPort(context, { host, table, registry: cluster.objects, config, authority, certificate: serving });
  const ads = adsService(cluster.snapshot, { log: logger, observer, table });
  const services = [ads, identityService(context, authority, config)];
  return serveRpc(`${host.includes(":") ? `[${host}]` : host}:${ports.xds}`, credentials, services, connections);
}

function servingCertificate(pair: KeyPair, authority: Live<Authority>): ServingCertificate {
  return { certificate: pair.certificatePem, privateKey: pair.keyPem, roots: authority.current().rootsPem };
}

function identityService(
  { client, registry }: Context,
  authority: Live<Authority>,
  config: Live<MeshConfig>,
): RpcService {
  const handlers = certificateService({
    authority,
    trustDomain: () => config.current().trustDomain,
    maxLifetimeSeconds: () => config.current().workloadCertificateLifetimeSeconds,
    reviewToken: tokenReviewer(client),
    now: () => new Date(),
    metrics: registerCaMetrics(registry, authority),
    logger,
  });
  return { kind: "newcomers", definition: grpcService(IstioCertificateService), handlers };
}

/** Names what a replica that is not ready waits for. */
function missing({ watches, config }: Cluster): string {
  const kinds = Object.keys(watches).filter((kind) => watches[kind]?.isSynced() === false);
  if (kinds.length > 0) return `: waiting for the first list of ${kinds.join(", ")}`;
  return config.current() === undefined ? ": waiting for valid mesh settings" : "";
}

/** All addresses of the host: IPv6 and IPv4 in one socket, unless the kernel has no IPv6. */
function anyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ address }) => isIPv6(address)) ? "::" : "0.0.0.0";
}

function signalled(signals: readonly NodeJS.Signals[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const name of signals) process.once(name, () => resolve());
  return promise;
}
