import type { WorkloadIdentity } from "@meshwright/contract/identity";
import type { Logger } from "@meshwright/log/logger";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { Changes } from "./changes.ts";
import type { ReceivedRequest } from "./delta-request.ts";
import { encodeDeltaResponse } from "./delta-response.ts";
import type { PeerCertificate, ProxyTable } from "./proxy-table.ts";
import { Session } from "./session.ts";
import type { Answer } from "./subscription.ts";
import type { Accepted, ProxyNode, Refused, ViewSource } from "./view.ts";

/** The transport of one stream: bytes out, and whether it has room for more. */
export interface Outlet {
  /** Returns false when nothing more should be written until the transport has drained. */
  write(bytes: Buffer): boolean;
}

/** A resource that a proxy rejected. */
export interface Rejection {
  readonly node: ProxyNode;
  readonly type: TypeUrl;
  readonly names: readonly string[];
  /** Envoy's own words. */
  readonly message: string;
}

/** Who is at the other end, as its certificate proves. */
export interface Peer {
  readonly identity: WorkloadIdentity;
  readonly certificate: PeerCertificate;
}

/** What all streams of a replica share. */
export interface AdsContext {
  readonly source: ViewSource;
  readonly changes: Changes;
  readonly table: ProxyTable;
  readonly log: Logger;
  readonly onReject: (rejection: Rejection) => void;
  /** How long listeners and routes wait for new clusters, in milliseconds. */
  readonly warmingTimeoutMs: number;
}

/** One proxy's stream from its first request on: joins the session with the view, the transport and the clock. */
export class AdsStream {
  readonly #context: AdsContext;
  readonly #node: ProxyNode;
  readonly #view: Accepted;
  readonly #outlet: Outlet;
  readonly #session: Session;
  readonly #log: Logger;
  readonly #disposers: (() => void)[];
  readonly #sentAtMs = new Map<TypeUrl, number>();
  #isFull = false;
  #warmingTimer: NodeJS.Timeout | undefined;

  private constructor(context: AdsContext, node: ProxyNode, peer: Peer, view: Accepted, outlet: Outlet) {
    this.#context = context;
    this.#node = node;
    this.#view = view;
    this.#outlet = outlet;
    this.#session = new Session(view.current(), context.changes);
    this.#log = context.log.child({ proxy: node.id });
    const [session, sentAtMs] = [this.#session, this.#sentAtMs];
    const { identity, certificate } = peer;
    const connected = { node, peer: identity, certificate, session, sentAtMs, connectedAt: new Date() };
    this.#disposers = [view.onChange(() => this.#viewChanged()), context.table.add(connected)];
  }

  /** Begins a stream for a proxy whose certificate was verified, or says why it is refused. */
  static open(context: AdsContext, node: ProxyNode, peer: Peer, outlet: Outlet): AdsStream | Refused {
    const view = context.source.connect(node, peer.identity);
    if (view.kind === "refused") return view;
    context.log.info({ proxy: node.id, envoy: node.envoyVersion }, "proxy connected");
    return new AdsStream(context, node, peer, view, outlet);
  }

  /** Takes a request and sends what became due. */
  request(request: ReceivedRequest): void {
    const answer = this.#session.request(request);
    if (answer !== undefined) this.#report(request.type, answer);
    this.#send();
  }

  /** Goes on after the transport has drained. */
  drained(): void {
    this.#isFull = false;
    this.#send();
  }

  /** Lets go of the view, the table and the clock. May be called twice. */
  close(): void {
    for (const dispose of this.#disposers.splice(0)) dispose();
    clearTimeout(this.#warmingTimer);
    this.#isFull = true;
  }

  #viewChanged(): void {
    this.#session.offer(this.#view.current());
    this.#send();
  }

  #send(): void {
    while (!this.#isFull) {
      const response = this.#session.next();
      if (response === undefined) break;
      const { type, nonce, resources, removed } = response;
      this.#log.debug({ typeUrl: type, nonce, resources: resources.length, removed: removed.length }, "xds push");
      this.#sentAtMs.set(type, performance.now());
      this.#isFull = !this.#outlet.write(encodeDeltaResponse(response));
    }
    this.#watchWarming();
  }

  #watchWarming(): void {
    if (!this.#session.isWarming) {
      clearTimeout(this.#warmingTimer);
      this.#warmingTimer = undefined;
      return;
    }
    this.#warmingTimer ??= setTimeout(() => {
      this.#log.warn({}, "clusters did not become ready, sending listeners and routes all the same");
      this.#session.giveUpWarming();
      this.#send();
    }, this.#context.warmingTimeoutMs).unref();
  }

  #report(type: TypeUrl, answer: Answer): void {
    switch (answer.kind) {
      case "stale":
      case "acked":
        return this.#log.debug({ typeUrl: type, answer: answer.kind }, "xds answer");
      case "split":
        return this.#log.debug(
          { typeUrl: type, resources: answer.names.length },
          "xds response rejected, splitting it",
        );
      case "rejected":
        this.#log.warn(
          { typeUrl: type, resources: answer.names, error: answer.message },
          "proxy rejected configuration",
        );
        return this.#context.onReject({ node: this.#node, type, names: answer.names, message: answer.message });
    }
  }
}
