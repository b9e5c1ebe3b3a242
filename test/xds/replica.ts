import { adsService } from "@meshwright/control-plane/serve/ads-service";
import type { Rejection } from "@meshwright/control-plane/serve/ads-stream";
import { Connections } from "@meshwright/control-plane/serve/connections";
import {
  type ConnectionLimits,
  defaultConnectionLimits,
  defaultPushLimits,
  defaultStreamLimits,
  type PushLimits,
  type StreamLimits,
} from "@meshwright/control-plane/serve/limits";
import { type Sent, type ServeObserver, silentObserver } from "@meshwright/control-plane/serve/observer";
import { ProxyTable } from "@meshwright/control-plane/serve/proxy-table";
import type { RefusalReason } from "@meshwright/control-plane/serve/refusal";
import { serveRpc } from "@meshwright/control-plane/serve/rpc-server";
import { ServingCredentials } from "@meshwright/control-plane/serve/serving-credentials";
import { servingCertificate } from "@meshwright/control-plane/serve/testdata/tls-server";
import type { ViewSource } from "@meshwright/control-plane/serve/view";
import type { LogFields, Logger } from "@meshwright/log/logger";
import type { Authority } from "@meshwright/pki/authority";

/** What a test sets otherwise than the product. */
export interface ReplicaOptions {
  readonly streamLimits?: Partial<StreamLimits>;
  readonly pushLimits?: Partial<PushLimits>;
  readonly connectionLimits?: Partial<ConnectionLimits>;
  /** Default a free port. */
  readonly port?: number;
}

/** One replica of a control plane on 127.0.0.1, as the product composes it. Disposing stops it. */
export interface Replica extends AsyncDisposable {
  readonly port: number;
  readonly table: ProxyTable;
  readonly connections: Connections;
  readonly rejections: readonly Rejection[];
  readonly refusals: readonly RefusalReason[];
  readonly sent: readonly Sent[];
  /** Everything that was logged, as JSON. */
  readonly log: readonly string[];
}

/** Serves what a source shows. */
export async function startReplica(
  authority: Authority,
  source: ViewSource,
  options: ReplicaOptions = {},
): Promise<Replica> {
  const [rejections, refusals, sent, log]: [Rejection[], RefusalReason[], Sent[], string[]] = [[], [], [], []];
  const observer: ServeObserver = {
    ...silentObserver,
    refused: (reason) => refusals.push(reason),
    sent: (response) => sent.push(response),
  };
  const logger = loggerTo(log);
  const limits = { ...defaultConnectionLimits, ...options.connectionLimits };
  const connections = new Connections({ limits, observer, log: logger });
  const table = new ProxyTable();
  const ads = adsService(source, {
    table,
    observer,
    log: logger,
    onReject: (rejection) => rejections.push(rejection),
    streamLimits: { ...defaultStreamLimits, ...options.streamLimits },
    pushLimits: { ...defaultPushLimits, ...options.pushLimits },
  });
  const credentials = new ServingCredentials(await servingCertificate(authority));
  const server = await serveRpc(`127.0.0.1:${options.port ?? 0}`, credentials, [ads], connections);
  const { port } = server;
  return {
    port,
    table,
    connections,
    rejections,
    refusals,
    sent,
    log,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function loggerTo(lines: string[], fields: LogFields = {}): Logger {
  const write = (own: LogFields, message: string): void =>
    void lines.push(JSON.stringify({ ...fields, ...own, message }));
  const child = (own: LogFields): Logger => loggerTo(lines, { ...fields, ...own });
  return { debug: () => undefined, info: write, warn: write, error: write, child };
}
