import { hostname } from "node:os";
import type { FleetReplica } from "@meshwright/contract/fleet";
import type { MeshConfig } from "@meshwright/contract/mesh-config";
import { ports } from "@meshwright/contract/ports";
import type { Authority } from "@meshwright/pki/authority";
import { encode } from "@meshwright/xds-api/encode";
import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import { Counter } from "prom-client";
import { type Live, mapLive } from "./ca/live.ts";
import type { Context } from "./context.ts";
import { startDebugServer } from "./fleet/debug-server.ts";
import { kubeReviewer } from "./fleet/kube-reviewer.ts";
import type { Registry } from "./fleet/registry.ts";
import { rememberReviews } from "./fleet/reviews.ts";
import { sourcesOf } from "./fleet/sources.ts";
import type { ProxyTable } from "./serve/proxy-table.ts";
import type { ServingCertificate } from "./serve/serving-credentials.ts";
import { versionOf } from "./snapshot/encoder.ts";
import { translateTrustBundle } from "./translate/secret/trust-bundle.ts";

export interface DebugPortOptions {
  /** Address to listen on. */
  readonly host: string;
  readonly table: ProxyTable;
  readonly registry: Registry;
  readonly config: Live<MeshConfig>;
  readonly authority: Live<Authority>;
  readonly certificate: Live<ServingCertificate>;
}

/** Serves the fleet view and Istio's debug paths until the context's signal ends it. */
export async function openDebugPort(context: Context, options: DebugPortOptions): Promise<void> {
  const { client, logger, signal } = context;
  const { host, table, registry, config, certificate } = options;
  const server = await startDebugServer(certificate.current(), {
    port: ports.debug,
    host,
    reviewer: rememberReviews(kubeReviewer(client)),
    trustDomain: () => config.current().trustDomain,
    sources: sourcesOf({
      table,
      registry,
      replica: replicaOf(context, options.authority),
      clusterDomain: () => config.current().clusterDomain,
    }),
    onAnswer: countAnswers(context),
    logger,
    signal,
  });
  certificate.onChange((next) => server.update(next));
}

/** Proxies are told apart by the hash of the bundle that they were given: the same on every replica. */
function replicaOf({ flags, version }: Context, authority: Live<Authority>): () => FleetReplica {
  const trustBundle = mapLive(authority, ({ rootsPem }) => {
    const secret = translateTrustBundle(rootsPem);
    return versionOf(encode(SecretSchema, secret));
  });
  return () => ({
    kind: "replica",
    replica: hostname(),
    revision: flags.revision,
    version,
    trustBundle: trustBundle.current(),
  });
}

function countAnswers({ registry }: Context): (result: string) => void {
  const answers = new Counter({
    name: "meshwright_debug_requests_total",
    help: "Requests to the debug port, by what became of them.",
    labelNames: ["result"],
    registers: [registry],
  });
  return (result) => answers.inc({ result });
}
