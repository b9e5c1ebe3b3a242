import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import type { Node } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import {
  type DeltaDiscoveryRequest,
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";

/** A resource to be proven: its name, and its message packed with `packAny`. */
export interface AdsResource {
  readonly name: string;
  readonly body: Any;
}

type Call = ServerDuplexStream<DeltaDiscoveryRequest, Uint8Array>;

const method = AggregatedDiscoveryService.method.deltaAggregatedResources;

/** A server of fixed resources. */
export interface AdsServer extends AsyncDisposable {
  readonly port: number;
  /** Resolves with what the first client said of itself. */
  readonly node: Promise<Node>;
  /** Errors: rejects with Envoy's own words, or after the deadline with what it never asked for or acknowledged. */
  untilAccepted(timeoutMs: number): Promise<void>;
}

/** The least server that can prove it: every request is answered with what it names, or with everything. */
export async function serveAds(
  resources: readonly AdsResource[],
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<AdsServer> {
  const open = new Set(resources.map(key));
  const { promise: accepted, resolve: accept, reject } = Promise.withResolvers<void>();
  accepted.catch(() => undefined); // Envoy may answer before anybody waits
  const { promise: node, resolve: introduce } = Promise.withResolvers<Node>();
  const server = new Server();
  server.addService(definition, {
    deltaAggregatedResources: (call: Call) => {
      const sent = new Map<string, readonly AdsResource[]>();
      call.on("data", (request: DeltaDiscoveryRequest) => {
        if (request.node !== undefined) introduce(request.node);
        if (request.errorDetail !== undefined) reject(rejected(request));
        for (const resource of sent.get(request.responseNonce) ?? []) open.delete(key(resource));
        if (open.size === 0) accept();
        const due = wanted(resources, request);
        if (due === undefined) return;
        const nonce = String(sent.size + 1);
        sent.set(nonce, due);
        call.write(response(request.typeUrl, nonce, due));
      });
      call.on("error", () => undefined); // Envoy is stopped while its stream is open
    },
  });
  const { promise: bound, resolve, reject: fail } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", credentials, (error, port) => (error === null ? resolve(port) : fail(error)));
  return {
    port: await bound,
    node,
    untilAccepted: (timeoutMs) => withDeadline(accepted, timeoutMs, () => missing(open)),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

const key = ({ name, body }: AdsResource): string => `${body.typeUrl} ${name}`;

/** What a request asks for; undefined for a mere acknowledgement. */
function wanted(resources: readonly AdsResource[], request: DeltaDiscoveryRequest): AdsResource[] | undefined {
  const names = request.resourceNamesSubscribe;
  if (names.length === 0 && request.responseNonce !== "") return undefined;
  const ofType = resources.filter(({ body }) => body.typeUrl === request.typeUrl);
  return names.length === 0 || names.includes("*") ? ofType : ofType.filter(({ name }) => names.includes(name));
}

function response(typeUrl: string, nonce: string, resources: readonly AdsResource[]): Uint8Array {
  const message = create(DeltaDiscoveryResponseSchema, {
    typeUrl,
    nonce,
    resources: resources.map(({ name, body }) => ({ name, version: "1", resource: body })),
  });
  return toBinary(DeltaDiscoveryResponseSchema, message);
}

function rejected({ typeUrl, errorDetail }: DeltaDiscoveryRequest): Error {
  return new Error(`Envoy rejected resources of type "${typeUrl}": ${errorDetail?.message}`);
}

function missing(open: ReadonlySet<string>): Error {
  return new Error(`Envoy never asked for, or never acknowledged: ${[...open].toSorted().join(", ")}`);
}

async function withDeadline<T>(promise: Promise<T>, timeoutMs: number, failure: () => Error): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(failure()), timeoutMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const definition = {
  deltaAggregatedResources: {
    path: `/${AggregatedDiscoveryService.typeName}/${method.name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
    requestDeserialize: (bytes: Buffer) => fromBinary(DeltaDiscoveryRequestSchema, bytes),
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};
