import { isDeepStrictEqual } from "node:util";
import { pause } from "@meshwright/kube/pause";
import type { Logger } from "@meshwright/log/logger";
import type { FleetState } from "../observe/types.ts";
import { type Asked, mergeReadings } from "./merge.ts";
import type { Reading } from "./reading.ts";
import type { Replica } from "./replicas.ts";

/** One control plane whose fleet is looked at. */
export interface FleetSubject {
  readonly revision: string;
  /** Version to which its proxies are to be connected. */
  readonly version: string;
}

export interface FleetWatchOptions {
  /** When the subjects are known; before that nobody is asked. */
  readonly synced: Promise<unknown>;
  readonly subjects: () => readonly FleetSubject[];
  /** Lists the replicas of a subject that serve. */
  readonly replicas: (subject: FleetSubject, signal: AbortSignal) => Promise<readonly Replica[]>;
  readonly ask: (subject: FleetSubject, replica: Replica, signal: AbortSignal) => Promise<Asked>;
  /** Called with the name of a revision whose state changed. */
  readonly onChange: (revision: string) => void;
  /** Called after every round with the state of each revision; the next round waits for it. */
  readonly onRound: (states: ReadonlyMap<string, FleetState>, signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Between two rounds; default 5,000 ms, give or take a fifth, so that operators and replicas do not fall into step. */
  readonly periodMs?: number;
  /** A clock that never goes back, in milliseconds. */
  readonly nowMs?: () => number;
}

/** The fleets as they were last seen. */
export interface FleetWatch {
  /** Before the first look nothing is known: `looked` says when that is over. */
  readonly state: (revision: string) => FleetState;
  /** Resolves after the first look that succeeded; never rejects. */
  readonly looked: Promise<void>;
  /** Looks again soon instead of after the period: something was changed that proxies will show. */
  readonly refresh: () => void;
  /** Resolves when the signal has ended it; never rejects. */
  readonly done: Promise<void>;
}

const defaultPeriodMs = 5_000;
const refreshMs = 500;

/** What a replica told holds for so long: it may be too busy to answer once or twice. */
const holdsMs = 15_000;

const unasked: FleetState = { kind: "unasked" };

/** Asks every replica of every control plane, again and again. */
export function watchFleet(options: FleetWatchOptions): FleetWatch {
  const watcher = new FleetWatcher(options);
  const done = watcher.run();
  const { looked } = watcher;
  return { state: (revision) => watcher.state(revision), refresh: () => watcher.refresh(), looked, done };
}

class FleetWatcher {
  readonly #options: FleetWatchOptions;
  readonly #nowMs: () => number;
  #states: ReadonlyMap<string, FleetState> = new Map();
  /** What replicas told last, by revision and name. */
  #told = new Map<string, { readonly reading: Reading; readonly atMs: number }>();
  #hurry = new AbortController();
  readonly #looked = Promise.withResolvers<void>();

  constructor(options: FleetWatchOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  state(revision: string): FleetState {
    return this.#states.get(revision) ?? unasked;
  }

  refresh(): void {
    this.#hurry.abort();
  }

  get looked(): Promise<void> {
    return this.#looked.promise;
  }

  async run(): Promise<void> {
    const { logger, signal, periodMs = defaultPeriodMs, synced } = this.#options;
    // It rejects when the signal ends everything before that.
    await synced.catch(() => undefined);
    while (!signal.aborted) {
      try {
        await this.#round();
        this.#looked.resolve();
      } catch (error) {
        if (!signal.aborted) logger.warn({ error }, "cannot look at the fleet");
      }
      await this.#wait(periodMs * (0.8 + 0.4 * Math.random()));
    }
  }

  async #round(): Promise<void> {
    const { subjects, onChange, onRound, signal } = this.#options;
    const looked = await Promise.all(
      subjects().map(async (subject) => [subject.revision, await this.#look(subject)] as const),
    );
    const before = this.#states;
    this.#states = new Map(looked.map(([revision, { state }]) => [revision, state]));
    this.#told = new Map(looked.flatMap(([, { told }]) => told));
    for (const [revision, state] of this.#states)
      if (!isDeepStrictEqual(before.get(revision), state)) onChange(revision);
    await onRound(this.#states, signal);
  }

  async #look(subject: FleetSubject) {
    const { replicas, ask, signal } = this.#options;
    const found = await replicas(subject, signal);
    const replies = await Promise.all(
      found.map(async (replica) => {
        const key = `${subject.revision}/${replica.name}`;
        return { key, replica, ...this.#remember(key, await ask(subject, replica, signal), replica) };
      }),
    );
    const counted = replies.filter(hasProxies);
    const told = counted.flatMap(({ key, last }) => (last === undefined ? [] : [[key, last] as const]));
    const asked = counted.map((reply) => reply.asked);
    return { state: mergeReadings(asked, subject.version), told };
  }

  /** A replica that is silent for a moment is taken for what it told before, unless it is ending. */
  #remember(key: string, asked: Asked, { isEnding }: Replica) {
    const atMs = this.#nowMs();
    if (asked.kind === "told") return { asked, last: { reading: asked.reading, atMs } };
    const last = this.#told.get(key);
    const holds = last !== undefined && !isEnding && atMs - last.atMs < holdsMs;
    return holds ? { asked: { kind: "told", reading: last.reading } as const, last } : { asked, last: undefined };
  }

  /** A refresh is not at once: what was changed takes its time, and several changes come together. */
  async #wait(periodMs: number): Promise<void> {
    const { signal } = this.#options;
    await pause(periodMs, AbortSignal.any([signal, this.#hurry.signal]));
    if (!this.#hurry.signal.aborted) return;
    this.#hurry = new AbortController();
    await pause(Math.min(refreshMs, periodMs), signal);
  }
}

/** One that was told to end and answers no more has ended: its proxies are at other replicas, or will be in a moment. */
function hasProxies({ asked, replica }: { readonly asked: Asked; readonly replica: Replica }): boolean {
  return asked.kind === "told" || !replica.isEnding;
}
