import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
} from "@grpc/grpc-js";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import {
  type DeltaDiscoveryRequest,
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { type LeftOut, withoutLackingFilters } from "./lacking.ts";

/** What a relay brought from istiod to Envoy. */
interface Relayed {
  /** Filters that were left out, by name. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Envoy's words about resources that it rejected. */
  readonly rejections: readonly string[];
}

/** Stands where a pod of Istio has its agent: between Envoy and istiod. */
export interface Relay extends AsyncDisposable {
  /** What came over the latest stream. */
  latest(): Relayed;
}

const path = `/${AggregatedDiscoveryService.typeName}/${AggregatedDiscoveryService.method.deltaAggregatedResources.name}`;
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const asIs = (bytes: Buffer): Buffer => bytes;

type Downstream = ServerDuplexStream<Buffer, Buffer>;

/** Serves delta ADS on a Unix socket with what istiod says, less the filters that an Envoy release lacks. */
export async function startRelay(socket: string, istiod: string): Promise<Relay> {
  let latest = { leftOut: new Map<string, number>(), rejections: new Array<string>() };
  const client = new Client(istiod, credentials.createInsecure(), unlimited);
  const server = new Server(unlimited);
  server.addService(definition, {
    deltaAggregatedResources: (call: Downstream) => {
      latest = { leftOut: new Map(), rejections: [] };
      join(call, client.makeBidiStreamRequest(path, asIs, asIs), latest);
    },
  });
  const { promise: bound, resolve, reject } = Promise.withResolvers<void>();
  server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
    error === null ? resolve() : reject(error),
  );
  await bound;
  return {
    latest: () => latest,
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown();
      client.close();
    },
  };
}

function join(
  envoy: Downstream,
  istiod: ClientDuplexStream<Buffer, Buffer>,
  seen: { readonly leftOut: LeftOut; readonly rejections: string[] },
): void {
  envoy.on("data", (bytes: Buffer) => {
    const { errorDetail, typeUrl }: DeltaDiscoveryRequest = fromBinary(DeltaDiscoveryRequestSchema, bytes);
    if (errorDetail !== undefined) seen.rejections.push(`${typeUrl}: ${errorDetail.message}`);
    istiod.write(bytes);
  });
  istiod.on("data", (bytes: Buffer) => {
    const response = fromBinary(DeltaDiscoveryResponseSchema, bytes);
    envoy.write(Buffer.from(toBinary(DeltaDiscoveryResponseSchema, withoutLacking(response, seen.leftOut))));
  });
  envoy.on("end", () => istiod.end());
  for (const ending of ["cancelled", "error"]) envoy.on(ending, () => istiod.cancel());
  istiod.on("error", (error) => envoy.destroy(error));
  istiod.on("end", () => envoy.end());
}

function withoutLacking(response: DeltaDiscoveryResponse, leftOut: LeftOut): DeltaDiscoveryResponse {
  const resources = response.resources.map((named) =>
    named.resource === undefined ? named : { ...named, resource: withoutLackingFilters(named.resource, leftOut) },
  );
  return create(DeltaDiscoveryResponseSchema, { ...response, resources });
}

const definition = {
  deltaAggregatedResources: {
    path,
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};
