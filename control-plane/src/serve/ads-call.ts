import { status } from "@grpc/grpc-js";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { AdsStream, type Outlet, type StreamContext } from "./ads-stream.ts";
import { permittedView } from "./audience.ts";
import { localPeer, type Member } from "./connection.ts";
import type { Conversation } from "./conversation.ts";
import { forgetMessage } from "./message-reader.ts";
import type { OpenStreams } from "./open-streams.ts";
import type { ProxyTable } from "./proxy-table.ts";
import { type Refusal, type RefusalReason, refusalStatus } from "./refusal.ts";
import type { Refusals } from "./refusals.ts";
import type { RpcStream } from "./rpc-stream.ts";
import type { Shared } from "./shared.ts";
import { StreamClock } from "./stream-clock.ts";
import type { DiscoveryRequest, FromStream } from "./stream-request.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Accepted, ProxyNode, ProxyView, Refused, ViewSource } from "./view.ts";

/** What all calls of a replica share. */
export interface AdsContext extends StreamContext {
  readonly source: ViewSource;
  readonly shared: Shared;
  readonly table: ProxyTable;
  readonly open: OpenStreams;
  readonly refusals: Refusals;
}

/** One of the variants of the protocol. */
export interface Variant<Request> {
  /** Reads a request and keeps none of the bytes; throws on bytes that are none. */
  decode(bytes: Buffer): FromStream<Request>;
  begin(view: ProxyView, shared: Shared): Conversation<Request>;
}

/** A client that reads gets the status of its stream within this time, in milliseconds. */
const farewellMs = 1_000;

/** Requests of one call that wait for their turn, before no more are read. */
const maxWaiting = 8;

/** One call: who calls, how fast its requests are taken, and how it ends. */
export class AdsCall<Request extends DiscoveryRequest> {
  readonly #context: AdsContext;
  readonly #call: RpcStream;
  readonly #variant: Variant<Request>;
  readonly #peer: string;
  readonly #requests: TokenBucket;
  readonly #clock = new StreamClock<"firstRequest" | "pause" | "farewell">();
  readonly #disposers: (() => void)[] = [];
  /** Why no requests are taken at the moment. */
  readonly #holds = new Set<"rate" | "backlog">();
  #waiting = 0;
  #stream: AdsStream<Request> | undefined;
  /** Undefined until it is known and of a length that can be logged. */
  #nodeId: string | undefined;
  #hasEnded = false;

  constructor(context: AdsContext, call: RpcStream, variant: Variant<Request>) {
    this.#context = context;
    this.#call = call;
    this.#variant = variant;
    this.#peer = call.connection.peer;
    this.#requests = new TokenBucket(context.streamLimits.requests, context.now());
  }

  begin(): void {
    const { open, streamLimits } = this.#context;
    const { member } = this.#call.connection;
    this.#call.listen({
      message: (bytes) => member && this.#enqueue(bytes, member),
      halfClosed: () => {
        this.#end();
        this.#call.end(status.OK);
      },
      broken: (refusal) => this.#refuse(refusal),
      closed: () => this.#end(),
    });
    const limit = this.#peer === localPeer ? Number.POSITIVE_INFINITY : streamLimits.streamsPerConnection;
    const countedOut = open.ofConnection(this.#peer, limit);
    if (countedOut === undefined) return this.#refuse(tooManyStreams(streamLimits.streamsPerConnection));
    this.#disposers.push(countedOut);
    this.#clock.owe("firstRequest", streamLimits.firstRequestMs, () => this.#refuse(silentStream));
  }

  /** Requests wait for their turn too: reading the names of a thousand proxies in one would hold up everything else. */
  #enqueue(bytes: Buffer, member: Member): void {
    if (++this.#waiting >= maxWaiting) this.#hold("backlog");
    this.#context.queue.add(() => {
      if (--this.#waiting < maxWaiting) this.#unhold("backlog");
      this.#takeTurn(bytes, member);
    });
  }

  /** A failure of our own ends this call, and none but this. */
  #takeTurn(bytes: Buffer, member: Member): void {
    try {
      this.#message(bytes, member);
    } catch (error) {
      this.#context.log.error({ error, proxy: this.#nodeId }, "taking a request failed");
      this.#context.observer.failed();
      this.#refuse({ reason: "Failed", message: "the control plane failed to take the request, see its log" });
    }
  }

  #message(bytes: Buffer, member: Member): void {
    if (this.#hasEnded) return;
    this.#clock.settle("firstRequest");
    const request = this.#decode(bytes);
    if (request === undefined) return this.#refuse(malformed);
    this.#stream ??= this.#open(request.node, member);
    this.#stream?.request(request);
    this.#slowDown();
  }

  #decode(bytes: Buffer): FromStream<Request> | undefined {
    try {
      return this.#variant.decode(bytes);
    } catch {
      return undefined; // what is wrong with bytes that are no message tells nothing
    } finally {
      forgetMessage(bytes);
    }
  }

  /** A client that asks faster than it may is not cut off: what it asks waits with it. */
  #slowDown(): void {
    const waitMs = this.#requests.take(this.#context.now());
    if (waitMs === 0 || this.#hasEnded) return;
    if (!this.#holds.has("rate"))
      this.#report({ reason: "TooManyRequests", message: `requests wait for ${waitMs} ms` });
    this.#hold("rate");
    this.#clock.settle("pause");
    this.#clock.owe("pause", waitMs, () => this.#unhold("rate"));
  }

  #hold(why: "rate" | "backlog"): void {
    this.#holds.add(why);
    this.#call.pause();
  }

  #unhold(why: "rate" | "backlog"): void {
    if (this.#holds.delete(why) && this.#holds.size === 0) this.#call.resume();
  }

  #open(node: ProxyNode | undefined, member: Member): AdsStream<Request> | undefined {
    const { source, streamLimits, log } = this.#context;
    if (node === undefined) return this.#refuse(noNode);
    if (node.id.length > streamLimits.nodeIdLength) return this.#refuse(malformedNode(streamLimits.nodeIdLength));
    this.#nodeId = node.id;
    const view = source.connect(node, member.identity);
    if (view.kind === "refused") return this.#refuse({ reason: refusalReasons[view.code], message: view.message });
    log.info({ proxy: node.id, envoy: node.envoyVersion.slice(0, 64) }, "proxy connected");
    return this.#join(node, member, permittedView(view, member.identity));
  }

  #join(node: ProxyNode, { identity, certificate }: Member, view: Accepted): AdsStream<Request> {
    const { table, open, shared, streamLimits, observer, now } = this.#context;
    const conversation = this.#variant.begin(view.current(), shared);
    const stream = new AdsStream(this.#context, node, view, conversation, this.#outlet());
    const unansweredMs = (type: TypeUrl): number => {
      const sinceMs = stream.times.unansweredSinceMs(type);
      return sinceMs === undefined ? 0 : now() - sinceMs;
    };
    const { subscriptions } = conversation;
    const connectedSince = new Date();
    this.#disposers.push(
      () => stream.close(),
      open.ofNode(node.id, { giveWay: () => this.#refuse(replaced) }, streamLimits.streamsPerNode),
      table.add({
        node,
        peer: identity,
        certificate,
        connectedSince,
        subscriptions,
        unansweredMs,
        view: () => view.current(),
      }),
      observer.connected(node),
    );
    return stream;
  }

  #outlet(): Outlet {
    return {
      write: (message, taken) => {
        if (!this.#hasEnded) this.#call.write(message, taken);
      },
      refuse: (refusal) => this.#refuse(refusal),
    };
  }

  #refuse(refusal: Refusal): undefined {
    if (this.#hasEnded) return;
    this.#report(refusal);
    this.#end();
    this.#call.end(refusalStatus[refusal.reason], refusal.message);
    if (this.#call.isFinished) return;
    this.#clock.owe("farewell", farewellMs, () => this.#call.connection.close());
    this.#call.onceFinished(() => this.#clock.settle("farewell"));
  }

  #report(refusal: Refusal): void {
    this.#context.refusals.report(refusal, { peer: this.#peer, proxy: this.#nodeId });
  }

  #end(): void {
    this.#hasEnded = true;
    this.#clock.settleAll();
    for (const dispose of this.#disposers.splice(0)) dispose();
  }
}

const refusalReasons: Readonly<Record<Refused["code"], RefusalReason>> = {
  invalidArgument: "MalformedNode",
  permissionDenied: "ForeignNode",
  unavailable: "NotReady",
};

const noNode: Refusal = { reason: "NoNode", message: "the first request of a stream must carry the node" };
const malformed: Refusal = { reason: "MalformedMessage", message: "the bytes are no request of the method" };
const silentStream: Refusal = { reason: "SilentStream", message: "no request came in time; connect again" };
const replaced: Refusal = { reason: "TooManyStreamsOfNode", message: "a newer stream of the node took its place" };

function malformedNode(limit: number): Refusal {
  return { reason: "MalformedNode", message: `the node's id may have at most ${limit} characters` };
}

function tooManyStreams(limit: number): Refusal {
  const message = `a connection may have at most ${limit} discovery streams; use one`;
  return { reason: "TooManyStreamsOfConnection", message };
}
