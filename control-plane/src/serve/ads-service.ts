import { silentLogger } from "@meshwright/log/logger";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import { AdsCall, type AdsContext, type Variant } from "./ads-call.ts";
import { decodeDeltaRequest } from "./delta-request.ts";
import { defaultPushLimits, defaultStreamLimits } from "./limits.ts";
import type { StreamHandler } from "./member-session.ts";
import { silentObserver } from "./observer.ts";
import { OpenStreams } from "./open-streams.ts";
import { ProxyTable } from "./proxy-table.ts";
import { PushSlots } from "./push-slots.ts";
import { Refusals } from "./refusals.ts";
import type { RpcService } from "./rpc-server.ts";
import { RunQueue } from "./run-queue.ts";
import { type DeltaRequest, Session } from "./session.ts";
import { Shared } from "./shared.ts";
import type { DiscoveryRequest } from "./stream-request.ts";
import type { ViewSource } from "./view.ts";
import { decodeWorldRequest } from "./world-request.ts";
import { type WorldRequest, WorldSession } from "./world-session.ts";

/** A new cluster usually is ready within milliseconds; Envoy itself gives endpoints 15 s before it goes on without. */
const defaultWarmingTimeoutMs = 5_000;

export type AdsOptions = Partial<Omit<AdsContext, "source" | "shared" | "queue" | "slots" | "open" | "refusals">>;

const deltaVariant: Variant<DeltaRequest> = {
  decode: decodeDeltaRequest,
  begin: (view, shared) => new Session(view, shared),
};

const worldVariant: Variant<WorldRequest> = {
  decode: decodeWorldRequest,
  begin: (view, shared) => new WorldSession(view, shared),
};

/** Makes the service over the views of a source, both variants of it; everything but the source has a default. */
export function adsService(source: ViewSource, options: AdsOptions = {}): RpcService {
  const { typeName, method } = AggregatedDiscoveryService;
  const context = contextOf(source, options);
  return {
    kind: "members",
    methods: new Map([
      [`/${typeName}/${method.deltaAggregatedResources.name}`, handlerOf(context, deltaVariant)],
      [`/${typeName}/${method.streamAggregatedResources.name}`, handlerOf(context, worldVariant)],
    ]),
  };
}

function contextOf(source: ViewSource, options: AdsOptions): AdsContext {
  const { pushLimits = defaultPushLimits, observer = silentObserver, log = silentLogger } = options;
  return {
    source,
    shared: new Shared(),
    table: new ProxyTable(),
    open: new OpenStreams(),
    refusals: new Refusals(observer, log),
    queue: new RunQueue(),
    slots: new PushSlots(pushLimits.concurrent),
    onReject: () => undefined,
    streamLimits: defaultStreamLimits,
    warmingTimeoutMs: defaultWarmingTimeoutMs,
    now: () => performance.now(),
    ...options,
    pushLimits,
    observer,
    log,
  };
}

function handlerOf<Request extends DiscoveryRequest>(context: AdsContext, variant: Variant<Request>): StreamHandler {
  return (stream) => new AdsCall(context, stream, variant).begin();
}
