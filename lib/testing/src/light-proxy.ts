import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { AggregatedDiscoveryService } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/ads_pb";
import { DeltaDiscoveryRequestSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { ClientKeys } from "./client-keys.ts";

const { cluster, endpoint, listener, route } = typeUrls;
const { deltaAggregatedResources } = AggregatedDiscoveryService.method;
/** Envoy's windows are as large. */
const windowBytes = 16 * 1024 * 1024;

export interface LightProxyOptions {
  readonly port: number;
  readonly nodeId: string;
  readonly keys: ClientKeys;
  /** What it asks for by name once it has clusters, and once it has listeners. */
  readonly endpoints: readonly string[];
  readonly routes: readonly string[];
}

/**
 * A client of delta ADS that costs little, so that hundreds can be run beside what they measure: it reads of a response
 * only what it must answer.
 */
export class LightProxy implements Disposable {
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #options: LightProxyOptions;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #receivedBytes = 0;
  #responses = 0;
  readonly #types = new Set<string>();
  #onResponse: () => void = () => undefined;

  constructor(options: LightProxyOptions) {
    const { port, keys } = options;
    this.#options = options;
    this.#session = connect(`https://localhost:${port}`, {
      ca: keys.roots,
      cert: keys.certificate,
      key: keys.privateKey,
      settings: { initialWindowSize: windowBytes },
    });
    this.#session.on("error", () => undefined);
    this.#session.on("connect", () => this.#session.setLocalWindowSize(windowBytes));
    this.#stream = this.#session.request({
      ":method": "POST",
      ":path": `/${AggregatedDiscoveryService.typeName}/${deltaAggregatedResources.name}`,
      "content-type": "application/grpc",
      te: "trailers",
    });
    this.#stream.on("error", () => undefined);
    this.#stream.on("data", (bytes: Buffer) => this.#read(bytes));
    this.#send({ node: { id: options.nodeId }, typeUrl: cluster });
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get responses(): number {
    return this.#responses;
  }

  /** Whether it has had a response of each type that it asked for. */
  get isConfigured(): boolean {
    return this.#types.size === 4;
  }

  /** Calls the listener after each response. */
  onResponse(listener: () => void): void {
    this.#onResponse = listener;
  }

  [Symbol.dispose](): void {
    this.#session.destroy();
  }

  #send(fields: MessageInitShape<typeof DeltaDiscoveryRequestSchema>): void {
    const bytes = toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, fields));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(bytes.length, 1);
    this.#stream.write(Buffer.concat([head, bytes]));
  }

  #read(bytes: Buffer): void {
    this.#receivedBytes += bytes.length;
    this.#unread.push(bytes);
    this.#unreadBytes += bytes.length;
    for (;;) {
      const length = this.#messageLength();
      if (length === undefined || this.#unreadBytes < 5 + length) return;
      const all = Buffer.concat(this.#unread);
      this.#unread = [all.subarray(5 + length)];
      this.#unreadBytes -= 5 + length;
      this.#take(all.subarray(5, 5 + length));
    }
  }

  /** Length of the message that has begun to arrive; joins no more than it needs. */
  #messageLength(): number | undefined {
    if (this.#unreadBytes < 5) return undefined;
    const [first] = this.#unread;
    if (first !== undefined && first.length < 5) this.#unread = [Buffer.concat(this.#unread)];
    return this.#unread[0]?.readUInt32BE(1);
  }

  #take(message: Buffer): void {
    const { typeUrl, nonce } = readResponse(message);
    this.#responses++;
    const isFirst = !this.#types.has(typeUrl);
    this.#types.add(typeUrl);
    this.#send({ typeUrl, responseNonce: nonce });
    if (isFirst && typeUrl === cluster) {
      this.#send({ typeUrl: endpoint, resourceNamesSubscribe: [...this.#options.endpoints] });
      this.#send({ typeUrl: listener });
    }
    if (isFirst && typeUrl === listener)
      this.#send({ typeUrl: route, resourceNamesSubscribe: [...this.#options.routes] });
    this.#onResponse();
  }
}

/** Field numbers of `envoy.service.discovery.v3.DeltaDiscoveryResponse`. */
const field = { typeUrl: 4, nonce: 5 } as const;

function readResponse(message: Buffer): { readonly typeUrl: string; readonly nonce: string } {
  const reader = new BinaryReader(message);
  let [typeUrl, nonce] = ["", ""];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === field.typeUrl) typeUrl = reader.string();
    else if (number === field.nonce) nonce = reader.string();
    else reader.skip(wireType, number);
  }
  return { typeUrl, nonce };
}
