import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { WorkloadIdentity } from "@meshwright/contract/identity";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import { AdsStream, type Outlet, type StreamContext } from "./ads-stream.ts";
import { permittedView } from "./audience.ts";
import type { Changes } from "./changes.ts";
import { localPeer } from "./connection.ts";
import type { Conversation } from "./conversation.ts";
import type { OpenStreams } from "./open-streams.ts";
import { type PeerCertificate, peerCertificate, peerIdentity } from "./peer.ts";
import type { ProxyTable } from "./proxy-table.ts";
import { type Refusal, type RefusalReason, refusalStatus } from "./refusal.ts";
import type { Refusals } from "./refusals.ts";
import { StreamClock } from "./stream-clock.ts";
import type { DiscoveryRequest, FromStream } from "./stream-request.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Accepted, ProxyNode, ProxyView, Refused, ViewSource } from "./view.ts";

/** What all calls of a replica share. */
export interface AdsContext extends StreamContext {
  readonly source: ViewSource;
  readonly changes: Changes;
  readonly table: ProxyTable;
  readonly open: OpenStreams;
  readonly refusals: Refusals;
  /** Closes the connection of a client that takes no bytes, and so cannot be told that its stream ends. */
  readonly disconnect: (peer: string) => void;
}

/** Begins a conversation in one of the variants of the protocol. */
export type Variant<Request> = (view: ProxyView, changes: Changes) => Conversation<Request>;

interface Peer {
  readonly identity: WorkloadIdentity;
  readonly certificate: PeerCertificate;
}

/** A client that reads gets the status of its stream within this time, in milliseconds. */
const farewellMs = 1_000;

/** One gRPC call: who calls, how fast its requests are taken, and how it ends. */
export class AdsCall<Request extends DiscoveryRequest> {
  readonly #context: AdsContext;
  readonly #call: ServerDuplexStream<FromStream<Request>, Buffer>;
  readonly #variant: Variant<Request>;
  readonly #peer: string;
  readonly #requests: TokenBucket;
  readonly #clock = new StreamClock<"firstRequest" | "pause" | "farewell">();
  readonly #disposers: (() => void)[] = [];
  #stream: AdsStream<Request> | undefined;
  /** Undefined until it is known and of a length that can be logged. */
  #nodeId: string | undefined;
  #hasEnded = false;

  constructor(context: AdsContext, call: ServerDuplexStream<FromStream<Request>, Buffer>, variant: Variant<Request>) {
    this.#context = context;
    this.#call = call;
    this.#variant = variant;
    this.#peer = call.getPeer();
    this.#requests = new TokenBucket(context.streamLimits.requests, context.now());
  }

  begin(): void {
    const call = this.#call;
    for (const ending of ["close", "cancelled", "error"]) call.on(ending, () => this.#end());
    const { open, streamLimits } = this.#context;
    const limit = this.#peer === localPeer ? Number.POSITIVE_INFINITY : streamLimits.streamsPerConnection;
    const countedOut = open.ofConnection(this.#peer, limit);
    if (countedOut === undefined) return this.#refuse(tooManyStreams(streamLimits.streamsPerConnection));
    this.#disposers.push(countedOut);
    const peer = this.#readPeer();
    if (peer === undefined) return this.#refuse(noIdentity);
    this.#clock.owe("firstRequest", streamLimits.firstRequestMs, () => this.#refuse(silentStream));
    call.on("data", (request: FromStream<Request>) => this.#request(request, peer));
    call.on("end", () => {
      this.#end();
      call.end();
    });
  }

  #readPeer(): Peer | undefined {
    const certificate = this.#call.getAuthContext().sslPeerCertificate;
    const identity = peerIdentity(certificate?.subjectaltname);
    if (certificate === undefined || identity === undefined) return undefined;
    return { identity, certificate: peerCertificate(certificate) };
  }

  #request(request: FromStream<Request>, peer: Peer): void {
    if (this.#hasEnded) return;
    this.#clock.settle("firstRequest");
    this.#stream ??= this.#open(request.node, peer);
    this.#stream?.request(request);
    this.#slowDown();
  }

  /** A client that asks faster than it may is not cut off: what it asks waits with it. */
  #slowDown(): void {
    const waitMs = this.#requests.take(this.#context.now());
    if (waitMs === 0 || this.#hasEnded) return;
    if (!this.#call.isPaused()) this.#report({ reason: "TooManyRequests", message: `requests wait for ${waitMs} ms` });
    this.#call.pause();
    this.#clock.settle("pause");
    this.#clock.owe("pause", waitMs, () => this.#call.resume());
  }

  #open(node: ProxyNode | undefined, peer: Peer): AdsStream<Request> | undefined {
    const { source, streamLimits, log } = this.#context;
    if (node === undefined) return this.#refuse(noNode);
    if (node.id.length > streamLimits.nodeIdLength) return this.#refuse(malformedNode(streamLimits.nodeIdLength));
    this.#nodeId = node.id;
    const view = source.connect(node, peer.identity);
    if (view.kind === "refused") return this.#refuse({ reason: refusalReasons[view.code], message: view.message });
    log.info({ proxy: node.id, envoy: node.envoyVersion.slice(0, 64) }, "proxy connected");
    return this.#join(node, peer, permittedView(view, peer.identity));
  }

  #join(node: ProxyNode, { identity, certificate }: Peer, view: Accepted): AdsStream<Request> {
    const { table, open, changes, streamLimits, observer, now } = this.#context;
    const conversation = this.#variant(view.current(), changes);
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
      write: (bytes, taken) => {
        if (!this.#hasEnded) this.#call.write(bytes, () => taken());
      },
      refuse: (refusal) => this.#refuse(refusal),
    };
  }

  #refuse(refusal: Refusal): undefined {
    if (this.#hasEnded) return;
    this.#report(refusal);
    this.#end();
    this.#call.resume(); // what else has arrived is not answered
    this.#call.emit("error", { code: refusalStatus[refusal.reason], details: refusal.message });
    if (this.#call.writableFinished) return;
    this.#clock.owe("farewell", farewellMs, () => this.#context.disconnect(this.#peer));
    this.#call.once("finish", () => this.#clock.settle("farewell"));
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

/** Says nothing of what was wrong with a certificate. */
const noIdentity: Refusal = {
  reason: "NoIdentity",
  message:
    "cannot open the stream: the client certificate is missing, or not one that the mesh's root signed for a SPIFFE ID; present the pod's own certificate",
};
const noNode: Refusal = { reason: "NoNode", message: "the first request of a stream must carry the node" };
const silentStream: Refusal = { reason: "SilentStream", message: "no request came in time; connect again" };
const replaced: Refusal = { reason: "TooManyStreamsOfNode", message: "a newer stream of the node took its place" };

function malformedNode(limit: number): Refusal {
  return { reason: "MalformedNode", message: `the node's id may have at most ${limit} characters` };
}

function tooManyStreams(limit: number): Refusal {
  const message = `a connection may have at most ${limit} discovery streams; use one`;
  return { reason: "TooManyStreamsOfConnection", message };
}
