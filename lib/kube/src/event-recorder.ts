import type { Logger } from "@meshwright/log/logger";
import { createBackoff } from "./backoff.ts";
import type { KubeClient } from "./client.ts";
import { type EventFact, type EventObject, eventType, newEvent } from "./event-object.ts";
import { isKubeError } from "./kube-error.ts";
import { pause } from "./pause.ts";
import { ToldFact } from "./told-fact.ts";
import { keyOf } from "./types.ts";

export type { EventFact };

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** `reportingController`, as `meshwright.dev/operator`. */
  readonly controller: string;
  /** `reportingInstance`, as the pod's name. */
  readonly instance: string;
  readonly logger: Logger;
  /** Drops what is not written yet; `flush` first to keep it. */
  readonly signal: AbortSignal;
}

/** Writes Events in the background. */
export interface EventRecorder {
  /** Tells a fact; the same one again within the window only updates the Event's series. Never throws. */
  record(fact: EventFact): void;
  /** Writes due repetitions now; resolves when everything recorded so far was written or given up. */
  flush(): Promise<void>;
}

/** Repetitions are written together, this long after the first of them. */
const seriesDelayMs = 60_000;

/** Events are a courtesy: an API server that is away must not make them pile up. */
const maxPending = 256;
const maxFacts = 1024;
const maxAttempts = 4;

/** Creates a recorder of `events.k8s.io/v1` Events. Needs the verbs create and patch on them. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new Recorder(options);
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  /** Least recently told first. */
  readonly #told = new Map<string, ToldFact>();
  #pending = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#told.forEach((told) => told.cancelTimer()), { once: true });
  }

  record(fact: EventFact): void {
    if (this.#options.signal.aborted) return;
    const { regarding, type, reason, note } = fact;
    const key = JSON.stringify([keyOf(regarding), regarding.kind, regarding.metadata.uid, type, reason, note]);
    const now = new Date();
    const known = this.#told.get(key);
    this.#told.delete(key);
    if (known?.isRecent(now) === true) this.#repeat(key, known, now);
    else this.#tell(key, fact, now);
    this.#dropOldest();
  }

  async flush(): Promise<void> {
    for (const told of this.#told.values()) this.#writeSeries(told);
    await this.#tail;
  }

  #tell(key: string, fact: EventFact, now: Date): void {
    const told = new ToldFact(newEvent(fact, this.#options, now), now);
    this.#told.set(key, told);
    this.#enqueue(told, () => this.#options.client.create(eventType, told.event, { signal: this.#options.signal }));
  }

  #repeat(key: string, told: ToldFact, now: Date): void {
    this.#told.set(key, told);
    told.repeat(now);
    told.startTimer(() => this.#writeSeries(told), seriesDelayMs);
  }

  #writeSeries(told: ToldFact): void {
    told.cancelTimer();
    const series = told.takeSeries();
    if (series === undefined) return;
    const { client, signal } = this.#options;
    this.#enqueue(told, () => client.patch(eventType, told.event.metadata, { series }, { signal }));
  }

  #dropOldest(): void {
    const [oldest] = this.#told;
    if (this.#told.size <= maxFacts || oldest === undefined) return;
    oldest[1].cancelTimer();
    this.#told.delete(oldest[0]);
  }

  /** One write at a time, in the order of the facts. */
  #enqueue(told: ToldFact, write: () => Promise<EventObject>): void {
    if (this.#pending >= maxPending) {
      this.#options.logger.debug({ event: told.event.metadata.name }, "too many events wait, one dropped");
      return;
    }
    this.#pending += 1;
    this.#tail = this.#tail.then(() => this.#write(told, write));
  }

  async #write(told: ToldFact, write: () => Promise<EventObject>): Promise<void> {
    const { logger, signal } = this.#options;
    const backoff = createBackoff({ minMs: 200, maxMs: 5_000 });
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await write();
        break;
      } catch (error) {
        if (attempt === maxAttempts || !isKubeError(error) || !error.retryable) {
          logger.warn({ error, reason: told.event.reason, note: told.event.note }, "cannot write event");
          break;
        }
        await pause(backoff.next(), signal);
      }
    }
    this.#pending -= 1;
  }
}
