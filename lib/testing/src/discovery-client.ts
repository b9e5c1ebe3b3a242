import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Client, type ClientDuplexStream, credentials, type ServiceError } from "@grpc/grpc-js";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import type { ClientKeys } from "./client-keys.ts";

/** One ADS stream of a raw client: it says and answers what a test tells it to, and nothing else. */
export interface DiscoveryStream<Request extends DescMessage, Response extends DescMessage> extends Disposable {
  send(request: MessageInitShape<Request>): void;
  /** Returns the next response, in the order in which they came. Errors: rejects when the stream ends, or after 10 s. */
  next(): Promise<MessageShape<Response>>;
  /** Responses that came and were not taken yet. */
  readonly waiting: readonly MessageShape<Response>[];
  /** Bytes of all responses. */
  readonly receivedBytes: number;
  /** Resolves with how the stream ends. */
  readonly ended: Promise<ServiceError>;
  /** Reads nothing more, until the stream ends. */
  pause(): void;
}

export type DeltaStream = DiscoveryStream<typeof DeltaDiscoveryRequestSchema, typeof DeltaDiscoveryResponseSchema>;
export type WorldStream = DiscoveryStream<typeof DiscoveryRequestSchema, typeof DiscoveryResponseSchema>;

const { deltaAggregatedResources, streamAggregatedResources } = AggregatedDiscoveryService.method;
const responseDeadlineMs = 10_000;

/** A connection of its own to a server on 127.0.0.1, without a certificate if no keys are given but roots. */
export class DiscoveryClient implements Disposable {
  readonly #client: Client;

  constructor(port: number, keys: Partial<ClientKeys> & Pick<ClientKeys, "roots">) {
    const tls = credentials.createSsl(keys.roots, keys.privateKey ?? null, keys.certificate ?? null);
    // Else clients with the same keys would share a connection.
    const options = { "grpc.use_local_subchannel_pool": 1, "grpc.max_receive_message_length": -1 };
    this.#client = new Client(`localhost:${port}`, tls, options);
  }

  delta(): DeltaStream {
    const call = this.#open(deltaAggregatedResources.name);
    return streamOf(call, DeltaDiscoveryRequestSchema, DeltaDiscoveryResponseSchema);
  }

  world(): WorldStream {
    return streamOf(this.#open(streamAggregatedResources.name), DiscoveryRequestSchema, DiscoveryResponseSchema);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #open(method: string): Call {
    const path = `/${AggregatedDiscoveryService.typeName}/${method}`;
    const identity = (bytes: Buffer): Buffer => bytes;
    return this.#client.makeBidiStreamRequest(path, identity, identity);
  }
}

type Call = ClientDuplexStream<Buffer, Buffer>;

function streamOf<Request extends DescMessage, Response extends DescMessage>(
  call: Call,
  requestSchema: Request,
  responseSchema: Response,
): DiscoveryStream<Request, Response> {
  const waiting: MessageShape<Response>[] = [];
  const takers: (() => void)[] = [];
  let receivedBytes = 0;
  call.on("data", (bytes: Buffer) => {
    receivedBytes += bytes.length;
    waiting.push(fromBinary(responseSchema, bytes));
    takers.shift()?.();
  });
  const { promise: ended, resolve } = Promise.withResolvers<ServiceError>();
  call.on("error", resolve);
  const came = async (): Promise<void> => {
    if (waiting.length > 0) return;
    const { promise, resolve: take, reject } = Promise.withResolvers<void>();
    takers.push(take);
    const timer = setTimeout(
      () => reject(new Error(`no response within ${responseDeadlineMs} ms`)),
      responseDeadlineMs,
    );
    void ended.then(reject);
    await promise.finally(() => clearTimeout(timer));
  };
  return {
    send: (request) => void call.write(Buffer.from(toBinary(requestSchema, create(requestSchema, request)))),
    next: async () => {
      for (;;) {
        await came();
        const response = waiting.shift();
        if (response !== undefined) return response;
      }
    },
    waiting,
    get receivedBytes() {
      return receivedBytes;
    },
    ended,
    pause: () => void call.pause(),
    [Symbol.dispose]: () => call.cancel(),
  };
}
