import type { Logger } from "@meshwright/log/logger";
import type { TypeUrl } from "@meshwright/xds-api/type-urls";
import type { Room } from "./batch.ts";
import type { Conversation, Response } from "./conversation.ts";
import { exceeded } from "./exceeded.ts";
import type { PushLimits, StreamLimits } from "./limits.ts";
import type { OutgoingMessage } from "./message-writer.ts";
import type { ServeObserver } from "./observer.ts";
import type { PushSlots } from "./push-slots.ts";
import type { Refusal } from "./refusal.ts";
import { ResponseTimes } from "./response-times.ts";
import type { RunQueue } from "./run-queue.ts";
import { StreamClock } from "./stream-clock.ts";
import type { DiscoveryRequest } from "./stream-request.ts";
import type { Answer } from "./subscription.ts";
import type { Accepted, ObjectReference, ProxyNode } from "./view.ts";

/** The transport of one stream. */
export interface Outlet {
  /** Writes a message, and calls `taken` when the connection has taken all of it. Only called again after that. */
  write(message: OutgoingMessage, taken: () => void): void;
  /** Ends the stream and says why. */
  refuse(refusal: Refusal): void;
}

/** A resource that a proxy rejected. */
export interface Rejection {
  readonly node: ProxyNode;
  readonly type: TypeUrl;
  readonly names: readonly string[];
  /** Envoy's own words. */
  readonly message: string;
  /** The objects of which it was made. */
  readonly origins: readonly ObjectReference[];
}

/** What all streams of a replica share. */
export interface StreamContext {
  readonly queue: RunQueue;
  readonly slots: PushSlots;
  readonly log: Logger;
  readonly observer: ServeObserver;
  readonly onReject: (rejection: Rejection) => void;
  readonly streamLimits: StreamLimits;
  readonly pushLimits: PushLimits;
  /** How long listeners and routes wait for new clusters, in milliseconds. */
  readonly warmingTimeoutMs: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** A slot for a large response: none, asked for, or held. */
type Slot = "none" | "waiting" | "held";

/**
 * One proxy's stream from its first request on: joins the conversation with the view, the transport and the clock. It
 * sends in turns of the shared queue, one response at a time, each when the connection has taken the one before it.
 */
export class AdsStream<Request extends DiscoveryRequest> {
  readonly #context: StreamContext;
  readonly #node: ProxyNode;
  readonly #view: Accepted;
  readonly #outlet: Outlet;
  readonly #conversation: Conversation<Request>;
  readonly #log: Logger;
  readonly #clock = new StreamClock<"reading" | "answer" | "warming" | "slot">();
  readonly #times = new ResponseTimes();
  readonly #forgetView: () => void;
  readonly #granted = (): void => this.#slotGranted();
  readonly #runTurn = (): void => this.#turn();
  readonly #notReading = (): void => this.#refuse(notReading(this.#context.streamLimits));
  readonly #notAnswering = (): void => this.#refuse(notAnswering(this.#context.streamLimits));
  #hasNewView = false;
  #isQueued = false;
  #isWriting = false;
  #isClosed = false;
  #slot: Slot = "none";
  #dueMs: number | undefined;

  constructor(
    context: StreamContext,
    node: ProxyNode,
    view: Accepted,
    conversation: Conversation<Request>,
    outlet: Outlet,
  ) {
    this.#context = context;
    this.#node = node;
    this.#view = view;
    this.#conversation = conversation;
    this.#outlet = outlet;
    this.#log = context.log.child({ proxy: node.id });
    this.#times.changed(context.now());
    this.#forgetView = view.onChange(() => this.#viewChanged());
  }

  get times(): Pick<ResponseTimes, "unansweredSinceMs"> {
    return this.#times;
  }

  /** Takes a request; what becomes due is sent in a later turn. */
  request(request: Request): void {
    if (this.#isClosed) return;
    const answer = this.#conversation.request(request);
    const refusal = exceeded(this.#conversation.subscriptions, request, this.#context.streamLimits);
    if (refusal !== undefined) return this.#refuse(refusal);
    if (answer !== undefined) this.#answered(request.type, answer);
    this.#goOn();
  }

  /** Lets go of everything that it holds. May be called twice. */
  close(): void {
    this.#isClosed = true;
    this.#forgetView();
    this.#clock.settleAll();
    this.#releaseSlot();
  }

  #viewChanged(): void {
    this.#hasNewView = true;
    this.#times.changed(this.#context.now());
    this.#wake();
  }

  /** What is due is due from now on, for the metric of the wait. */
  #wake(): void {
    if (this.#isQueued || this.#isWriting || this.#isClosed) return;
    this.#isQueued = true;
    this.#dueMs ??= this.#context.now();
    this.#context.queue.add(this.#runTurn);
  }

  /** A failure of our own ends this stream, and none but this. */
  #turn(): void {
    this.#isQueued = false;
    if (this.#isClosed) return;
    try {
      this.#sendNext();
    } catch (error) {
      this.#log.error({ error }, "serving a proxy failed");
      this.#context.observer.failed();
      this.#refuse({ reason: "Failed", message: "the control plane failed to serve the proxy, see its log" });
    }
  }

  #sendNext(): void {
    if (this.#hasNewView) this.#conversation.offer(this.#view.current());
    this.#hasNewView = false;
    const next = this.#conversation.next(this.#room());
    if (next.kind === "heldBack") return this.#waitForSlot();
    if (next.kind === "response") return this.#send(next.response);
    this.#rest();
  }

  /** Most often nothing follows what was taken or answered, and no turn is needed to find that out. */
  #goOn(): void {
    if (this.#isQueued || this.#isWriting || this.#isClosed) return;
    if (this.#hasNewView || this.#conversation.mayHaveNext) this.#wake();
    else this.#rest();
  }

  #rest(): void {
    this.#dueMs = undefined;
    this.#releaseSlot();
    this.#watchWarming();
  }

  #room(): Room {
    const { smallBytes, partBytes } = this.#context.pushLimits;
    return this.#slot === "held" ? { kind: "parts", bytes: partBytes } : { kind: "whole", bytes: smallBytes };
  }

  #send(response: Response): void {
    const { type, nonce, resources, removed } = response;
    const { now, streamLimits } = this.#context;
    const message = response.encode();
    const beganMs = now();
    const queuedMs = beganMs - (this.#dueMs ?? beganMs);
    const changedMs = this.#times.sent(type, beganMs);
    this.#dueMs = undefined;
    this.#log.debug({ typeUrl: type, nonce, resources: resources.length, removed: removed.length }, "xds push");
    this.#isWriting = true;
    this.#clock.owe("reading", streamLimits.readingMs, this.#notReading);
    this.#clock.owe("answer", streamLimits.answerMs, this.#notAnswering);
    const sent = { type, sizeBytes: message.sizeBytes, queuedSeconds: queuedMs / 1000 };
    this.#outlet.write(message, () => {
      const [writeSeconds, sinceChangeSeconds] = [(now() - beganMs) / 1000, (now() - changedMs) / 1000];
      this.#context.observer.sent({ ...sent, writeSeconds, sinceChangeSeconds });
      this.#taken();
    });
    this.#watchWarming();
  }

  #taken(): void {
    this.#isWriting = false;
    this.#clock.settle("reading");
    this.#releaseSlot();
    this.#goOn();
  }

  #waitForSlot(): void {
    if (this.#slot !== "none") return;
    this.#slot = "waiting";
    if (this.#context.slots.take(this.#granted)) this.#slotGranted();
  }

  /** A proxy that reads slowly does not keep others from what they wait for. */
  #slotGranted(): void {
    this.#slot = "held";
    this.#clock.owe("slot", this.#context.pushLimits.slotMs, () => this.#releaseSlot());
    this.#wake();
  }

  #releaseSlot(): void {
    if (this.#slot === "waiting") this.#context.slots.leave(this.#granted);
    if (this.#slot === "held") this.#context.slots.release();
    this.#slot = "none";
    this.#clock.settle("slot");
  }

  #watchWarming(): void {
    if (!this.#conversation.isWarming) return this.#clock.settle("warming");
    this.#clock.owe("warming", this.#context.warmingTimeoutMs, () => {
      this.#log.warn({}, "clusters did not become ready, sending listeners and routes all the same");
      this.#conversation.giveUpWarming();
      this.#wake();
    });
  }

  #answered(type: TypeUrl, answer: Answer): void {
    if (answer.kind !== "stale") this.#settleAnswer(type, answer.kind === "acked");
    switch (answer.kind) {
      case "stale":
        this.#context.observer.stale(type);
        return this.#log.debug({ typeUrl: type, answer: answer.kind }, "xds answer");
      case "acked":
        return this.#log.debug({ typeUrl: type, answer: answer.kind }, "xds answer");
      case "split":
        return this.#log.debug(
          { typeUrl: type, resources: answer.names.length },
          "xds response rejected, splitting it",
        );
      case "rejected":
        return this.#rejected(type, answer);
    }
  }

  #settleAnswer(type: TypeUrl, isAcknowledged: boolean): void {
    const { observer, now } = this.#context;
    this.#clock.settle("answer");
    const nowMs = now();
    const changedMs = this.#times.answered(type, nowMs);
    if (isAcknowledged) observer.acknowledged(type, (nowMs - changedMs) / 1000);
    else observer.rejected(type);
    if (this.#times.isAnswerDue) this.#oweAnswer();
    else this.#watchConvergence(nowMs);
  }

  #oweAnswer(): void {
    const { streamLimits } = this.#context;
    this.#clock.owe("answer", streamLimits.answerMs, this.#notAnswering);
  }

  #watchConvergence(nowMs: number): void {
    const isDone = !this.#hasNewView && this.#conversation.subscriptions.values().every(({ isSettled }) => isSettled);
    const changedMs = isDone ? this.#times.converged() : undefined;
    if (changedMs !== undefined) this.#context.observer.converged((nowMs - changedMs) / 1000);
  }

  #rejected(type: TypeUrl, { names, rejected: { message, origins } }: Extract<Answer, { kind: "rejected" }>): void {
    this.#log.warn({ typeUrl: type, resources: names, error: message, origins }, "proxy rejected configuration");
    this.#context.onReject({ node: this.#node, type, names, message, origins });
  }

  #refuse(refusal: Refusal): void {
    this.close();
    this.#outlet.refuse(refusal);
  }
}

function notReading({ readingMs }: StreamLimits): Refusal {
  return { reason: "NotReading", message: `a response was not read within ${readingMs} ms; connect again` };
}

function notAnswering({ answerMs }: StreamLimits): Refusal {
  return { reason: "NotAnswering", message: `a response was not answered within ${answerMs} ms; connect again` };
}
