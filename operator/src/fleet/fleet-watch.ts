import { isDeepStrictEqual } from "node:util";
import { pause } from "@meshwright/kube/pause";
import type { Logger } from "@meshwright/log/logger";
import type { FleetState } from "../observe/types.ts";
import { type Asked, mergeReadings } from "./merge.ts";
import type { Reading } from "./reading.ts";
import type { Replica } from "./replicas.ts";

/** One control plane whose fleet is looked at. */
export interface FleetSubject {
  /** Name of the MeshInstall. */
  readonly install: string;
  /** Version to which its proxies are to be connected. */
  readonly version: string;
}

export interface FleetWatchOptions {
  readonly subjects: () => readonly FleetSubject[];
  /** Lists the replicas of a subject that serve. */
  readonly replicas: (subject: FleetSubject, signal: AbortSignal) => Promise<readonly Replica[]>;
  readonly ask: (subject: FleetSubject, replica: Replica, signal: AbortSignal) => Promise<Asked>;
  /** Called with the name of an install whose state changed. */
  readonly onChange: (install: string) => void;
  /** Called after every round with the state of each install; the next round waits for it. */
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
  readonly state: (install: string) => FleetState;
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
  return { state: (install) => watcher.state(install), refresh: () => watcher.refresh(), done };
}

class FleetWatcher {
  readonly #options: FleetWatchOptions;
  readonly #nowMs: () => number;
  #states: ReadonlyMap<string, FleetState> = new Map();
  /** What replicas told last, by install and name. */
  #told = new Map<string, { readonly reading: Reading; readonly atMs: number }>();
  #hurry = new AbortController();

  constructor(options: FleetWatchOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  state(install: string): FleetState {
    return this.#states.get(install) ?? unasked;
  }

  refresh(): void {
    this.#hurry.abort();
  }

  async run(): Promise<void> {
    const { logger, signal, periodMs = defaultPeriodMs } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        if (!signal.aborted) logger.warn({ error }, "cannot look at the fleet");
      }
      await this.#wait(periodMs * (0.8 + 0.4 * Math.random()));
    }
  }

  async #round(): Promise<void> {
    const { subjects, onChange, onRound, signal } = this.#options;
    const looked = await Promise.all(
      subjects().map(async (subject) => [subject.install, await this.#look(subject)] as const),
    );
    const before = this.#states;
    this.#states = new Map(looked.map(([install, { state }]) => [install, state]));
    this.#told = new Map(looked.flatMap(([, { told }]) => told));
    for (const [install, state] of this.#states) if (!isDeepStrictEqual(before.get(install), state)) onChange(install);
    await onRound(this.#states, signal);
  }

  async #look(subject: FleetSubject) {
    const { replicas, ask, signal } = this.#options;
    const found = await replicas(subject, signal);
    const answers = await Promise.all(
      found.map(async (replica) => {
        const key = `${subject.install}/${replica.name}`;
        return { key, ...this.#remember(key, await ask(subject, replica, signal)) };
      }),
    );
    const told = answers.flatMap(({ key, last }) => (last === undefined ? [] : [[key, last] as const]));
    return {
      state: mergeReadings(
        answers.map(({ asked }) => asked),
        subject.version,
      ),
      told,
    };
  }

  /** A replica that is silent for a moment is taken for what it told before. */
  #remember(key: string, asked: Asked) {
    const atMs = this.#nowMs();
    if (asked.kind === "told") return { asked, last: { reading: asked.reading, atMs } };
    const last = this.#told.get(key);
    const holds = last !== undefined && atMs - last.atMs < holdsMs;
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
