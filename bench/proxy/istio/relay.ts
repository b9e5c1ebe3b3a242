import { fromBinary, toBinary } from "@bufbuild/protobuf";
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
  DeltaDiscoveryResponseSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { withoutLackingFilters } from "./lacking.ts";

/** What came over one stream of a relay. */
interface Relayed {
  /** Filters that were left out, by name. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Envoy's words about resources that it rejected. */
  readonly rejections: readonly string[];
  /** How long the relay's own work took, in milliseconds: a part of what Envoy waited for. */
  readonly workMs: number;
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
  let latest = new Passage();
  const client = new Client(istiod, credentials.createInsecure(), unlimited);
  const server = new Server(unlimited);
  server.addService(definition, {
    deltaAggregatedResources: (call: Downstream) => {
      latest = new Passage();
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

/** One stream's way through the relay. */
class Passage implements Relayed {
  readonly leftOut = new Map<string, number>();
  readonly rejections: string[] = [];
  workMs = 0;

  /** Takes down what Envoy says of what it was sent. */
  request(bytes: Buffer): void {
    const { errorDetail, typeUrl }: DeltaDiscoveryRequest = fromBinary(DeltaDiscoveryRequestSchema, bytes);
    if (errorDetail !== undefined) this.rejections.push(`${typeUrl}: ${errorDetail.message}`);
  }

  /** Returns a response of istiod as Envoy gets it. */
  response(bytes: Buffer): Buffer {
    const begin = performance.now();
    const given = fromBinary(DeltaDiscoveryResponseSchema, bytes);
    const resources = given.resources.map((named) =>
      named.resource === undefined
        ? named
        : { ...named, resource: withoutLackingFilters(named.resource, this.leftOut) },
    );
    const passed = toBinary(DeltaDiscoveryResponseSchema, { ...given, resources });
    this.workMs += performance.now() - begin;
    return Buffer.from(passed);
  }
}

function join(envoy: Downstream, istiod: ClientDuplexStream<Buffer, Buffer>, passage: Passage): void {
  envoy.on("data", (bytes: Buffer) => {
    passage.request(bytes);
    istiod.write(bytes);
  });
  istiod.on("data", (bytes: Buffer) => envoy.write(passage.response(bytes)));
  envoy.on("end", () => istiod.end());
  for (const ending of ["cancelled", "error"]) envoy.on(ending, () => istiod.cancel());
  istiod.on("error", (error) => envoy.destroy(error));
  istiod.on("end", () => envoy.end());
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
