import {
  type handleBidiStreamingCall,
  type ServerDuplexStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { silentLogger } from "@meshwright/log/logger";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import { AdsCall, type AdsContext, type Variant } from "./ads-call.ts";
import { Changes } from "./changes.ts";
import { decodeDeltaRequest } from "./delta-request.ts";
import { defaultPushLimits, defaultStreamLimits } from "./limits.ts";
import { silentObserver } from "./observer.ts";
import { OpenStreams } from "./open-streams.ts";
import { ProxyTable } from "./proxy-table.ts";
import { PushSlots } from "./push-slots.ts";
import { Refusals } from "./refusals.ts";
import { RunQueue } from "./run-queue.ts";
import { type DeltaRequest, Session } from "./session.ts";
import type { DiscoveryRequest, FromStream } from "./stream-request.ts";
import type { ViewSource } from "./view.ts";
import { decodeWorldRequest } from "./world-request.ts";
import { type WorldRequest, WorldSession } from "./world-session.ts";

/** What `Server.addService` takes. */
export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
}

/** A new cluster usually is ready within milliseconds; Envoy itself gives endpoints 15 s before it goes on without. */
const defaultWarmingTimeoutMs = 5_000;

export type AdsOptions = Partial<Omit<AdsContext, "source" | "changes" | "queue" | "slots" | "open" | "refusals">>;

/** Makes the service over the views of a source, both variants of it; everything but the source has a default. */
export function adsService(source: ViewSource, options: AdsOptions = {}): GrpcService {
  const { deltaAggregatedResources: delta, streamAggregatedResources: world } = AggregatedDiscoveryService.method;
  const context = contextOf(source, options);
  return {
    definition: {
      deltaAggregatedResources: methodOf(delta.name, decodeDeltaRequest),
      streamAggregatedResources: methodOf(world.name, decodeWorldRequest),
    },
    handlers: {
      deltaAggregatedResources: handlerOf(context, deltaVariant),
      streamAggregatedResources: handlerOf(context, worldVariant),
    },
  };
}

const deltaVariant: Variant<DeltaRequest> = (view, changes) => new Session(view, changes);
const worldVariant: Variant<WorldRequest> = (view, changes) => new WorldSession(view, changes);

function contextOf(source: ViewSource, options: AdsOptions): AdsContext {
  const { pushLimits = defaultPushLimits, observer = silentObserver, log = silentLogger } = options;
  return {
    source,
    changes: new Changes(),
    table: new ProxyTable(),
    open: new OpenStreams(),
    refusals: new Refusals(observer, log),
    queue: new RunQueue(),
    slots: new PushSlots(pushLimits.concurrent),
    onReject: () => undefined,
    disconnect: () => undefined,
    streamLimits: defaultStreamLimits,
    warmingTimeoutMs: defaultWarmingTimeoutMs,
    now: () => performance.now(),
    ...options,
    pushLimits,
    observer,
    log,
  };
}

/** Responses are encoded already, so they pass as they are. */
function methodOf<Request>(name: string, requestDeserialize: (bytes: Buffer) => Request): ServiceDefinition[string] {
  return {
    path: `/${AggregatedDiscoveryService.typeName}/${name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  };
}

function handlerOf<Request extends DiscoveryRequest>(
  context: AdsContext,
  variant: Variant<Request>,
): handleBidiStreamingCall<FromStream<Request>, Buffer> {
  return (call: ServerDuplexStream<FromStream<Request>, Buffer>) => new AdsCall(context, call, variant).begin();
}
