import {
  type handleBidiStreamingCall,
  type ServerDuplexStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { silentLogger } from "@meshwright/log/logger";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import { type AdsContext, AdsStream, type Peer } from "./ads-stream.ts";
import { Changes } from "./changes.ts";
import { decodeDeltaRequest, type ReceivedRequest } from "./delta-request.ts";
import { peerCertificate, peerIdentity } from "./peer.ts";
import { ProxyTable } from "./proxy-table.ts";
import type { Refused, ViewSource } from "./view.ts";

/** What `Server.addService` takes. */
export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
}

type Call = ServerDuplexStream<ReceivedRequest, Buffer>;

/** A new cluster usually is ready within milliseconds; Envoy itself gives endpoints 15 s before it goes on without. */
const defaultWarmingTimeoutMs = 5_000;

const method = AggregatedDiscoveryService.method.deltaAggregatedResources;

/** Responses are encoded already, so they pass as they are. */
const definition: ServiceDefinition = {
  deltaAggregatedResources: {
    path: `/${AggregatedDiscoveryService.typeName}/${method.name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: decodeDeltaRequest,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

/** Told to a client without identity. Says nothing of what was wrong with a certificate: the log does. */
const noIdentity =
  "cannot open the stream: the client certificate is missing, or not one that the mesh's root signed for a SPIFFE ID; present the pod's own certificate";

/** Makes the delta ADS service over the views of a source; everything but the source has a default. */
export function adsService(source: ViewSource, options: Partial<Omit<AdsContext, "source">> = {}): GrpcService {
  const context: AdsContext = {
    source,
    changes: new Changes(),
    table: new ProxyTable(),
    log: silentLogger,
    onReject: () => undefined,
    warmingTimeoutMs: defaultWarmingTimeoutMs,
    ...options,
  };
  const handler: handleBidiStreamingCall<ReceivedRequest, Buffer> = (call) => serveStream(context, call);
  return { definition, handlers: { deltaAggregatedResources: handler } };
}

function serveStream(context: AdsContext, call: Call): void {
  let stream: AdsStream | undefined;
  call.on("data", (request: ReceivedRequest) => {
    stream ??= openStream(context, call, request);
    stream?.request(request);
  });
  call.on("drain", () => stream?.drained());
  call.on("end", () => call.end());
  for (const ending of ["end", "close", "cancelled", "error"]) call.on(ending, () => stream?.close());
}

/** Begins the stream that a first request asks for; undefined when it was refused and the call has ended. */
function openStream(context: AdsContext, call: Call, { node }: ReceivedRequest): AdsStream | undefined {
  const peer = peerOf(call);
  if (peer === undefined) return fail(call, status.UNAUTHENTICATED, noIdentity);
  if (node === undefined)
    return fail(call, status.INVALID_ARGUMENT, "the first request of a stream must carry the node");
  const opened = AdsStream.open(context, node, peer, call);
  if (opened instanceof AdsStream) return opened;
  context.log.warn({ proxy: node.id, error: opened.message }, "proxy refused");
  return fail(call, refusalStatus[opened.code], opened.message);
}

function peerOf(call: Call): Peer | undefined {
  const certificate = call.getAuthContext().sslPeerCertificate;
  const identity = peerIdentity(certificate?.subjectaltname);
  return certificate && identity && { identity, certificate: peerCertificate(certificate) };
}

const refusalStatus: Readonly<Record<Refused["code"], status>> = {
  invalidArgument: status.INVALID_ARGUMENT,
  permissionDenied: status.PERMISSION_DENIED,
  unavailable: status.UNAVAILABLE,
};

function fail(call: Call, code: status, details: string): undefined {
  call.removeAllListeners("data"); // what else has arrived is not answered
  call.emit("error", { code, details });
}
