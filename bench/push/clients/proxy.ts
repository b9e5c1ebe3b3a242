import type { Node } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import { Connection, type OpenStream } from "./connection.ts";
import { Discovery, type Request } from "./discovery.ts";
import { encodeRequest } from "./encode-request.ts";
import type { Expected, ProxySpec, Target } from "./messages.ts";
import { type ReadResponse, readResponse } from "./read-response.ts";

export interface ProxyOptions {
  readonly target: Target;
  /** What every Envoy says of itself. */
  readonly node: Node;
  readonly spec: ProxySpec;
  readonly expected: Expected;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** Runs a task when all that has arrived is noted, at whichever proxy. */
  readonly read: (task: () => void) => void;
  /** Runs a task when a proxy would answer. */
  readonly answer: (task: () => void) => void;
  /** Called with every response, its size and when it had arrived. */
  readonly onResponse: (response: ReadResponse, bytes: number, atMs: number) => void;
  /** Called when it has everything that it asked for; again after a stream that broke. */
  readonly onConfigured: () => void;
  readonly onRetry: (reason: string) => void;
}

/** As Envoy waits before it opens a broken stream again: a random time below a bound that doubles. */
const retryMs = { first: 500, most: 30_000 } as const;

/** One proxy: like an Envoy on the wire, without what an Envoy makes of its configuration. */
export class Proxy {
  readonly #options: ProxyOptions;
  readonly #connection: Connection;
  #failures = 0;
  #isConfigured = false;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#connection = new Connection(options.target, options.spec, options.now);
  }

  /** Opens the stream, and again whenever it breaks. */
  connect(): void {
    const { target, expected } = this.#options;
    const discovery = new Discovery(expected, target.secrets);
    this.#isConfigured = false;
    const stream = this.#connection.open({
      message: (message, atMs) => this.#take(discovery, stream, message, atMs),
      ended: (reason) => this.#retry(reason),
    });
    const requests = discovery.begin();
    for (const [index, request] of requests.entries()) stream.send(this.#encode(request, index === 0));
  }

  #take(discovery: Discovery, stream: OpenStream, message: Buffer, atMs: number): void {
    const { read, answer, onResponse } = this.#options;
    read(() => {
      const response = readResponse(message);
      onResponse(response, message.length, atMs);
      answer(() => this.#answer(discovery, stream, response));
    });
  }

  #answer(discovery: Discovery, stream: OpenStream, response: ReadResponse): void {
    for (const request of discovery.take(response)) stream.send(this.#encode(request, false));
    if (this.#isConfigured || !discovery.isConfigured) return;
    this.#isConfigured = true;
    this.#failures = 0;
    this.#options.onConfigured();
  }

  #retry(reason: string): void {
    this.#options.onRetry(reason);
    const bound = Math.min(retryMs.first * 2 ** this.#failures, retryMs.most);
    this.#failures += 1;
    setTimeout(() => this.connect(), Math.random() * bound);
  }

  /** The node stands in the first request of a stream only. */
  #encode(request: Request, isFirst: boolean): Buffer {
    if (!isFirst) return encodeRequest(request);
    const { nodeId, cluster, metadata } = this.#options.spec;
    return encodeRequest(request, { ...this.#options.node, id: nodeId, cluster, metadata });
  }
}
