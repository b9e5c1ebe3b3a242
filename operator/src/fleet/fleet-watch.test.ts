import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { silentLogger } from "@meshwright/log/logger";
import { until } from "@meshwright/testing/until";
import type { FleetState } from "../observe/types.ts";
import { type FleetWatch, type FleetWatchOptions, watchFleet } from "./fleet-watch.ts";
import type { Asked } from "./merge.ts";
import { reading } from "./testdata/lines.ts";

const told = (connected: number): Asked => ({ kind: "told", reading: reading({ connected }) });
const silent: Asked = { kind: "silent", detail: 'replica "meshd-1": no answer' };
const replica = { name: "meshd-1", address: "198.18.128.9", port: 15016, isEnding: false };

/** A fleet of one replica that answers as it is told to, on a clock that stands still. */
function start(over: Partial<FleetWatchOptions> = {}) {
  const ending = new AbortController();
  const world = { answer: told(1), nowMs: 0, rounds: 0, changes: 0, states: new Map<string, FleetState>() };
  const watch = watchFleet({
    synced: Promise.resolve(),
    subjects: () => [{ revision: "default", version: "v1.1.0" }],
    replicas: async () => [replica],
    ask: async () => world.answer,
    onChange: () => {
      world.changes += 1;
    },
    onRound: async (states) => {
      world.rounds += 1;
      world.states = new Map(states);
    },
    logger: silentLogger,
    signal: ending.signal,
    periodMs: 1,
    nowMs: () => world.nowMs,
    ...over,
  });
  const dispose = async (): Promise<void> => {
    ending.abort();
    await watch.done;
  };
  return { world, watch, [Symbol.asyncDispose]: dispose };
}

/** Waits for a whole round after now. */
async function oneRound(world: { readonly rounds: number }): Promise<void> {
  const wanted = world.rounds + 2;
  await until("a round", () => world.rounds >= wanted);
}

const connected = (watch: FleetWatch): number | string => {
  const state = watch.state("default");
  return state.kind === "known" ? state.connected : state.kind;
};

describe("a watch of the fleet", () => {
  test("asks nobody before it knows whom, and says when it has looked", async () => {
    const synced = Promise.withResolvers<void>();
    await using fleet = start({ synced: synced.promise });
    const { world, watch } = fleet;
    await nextTurn();
    const early = [world.rounds, connected(watch)];
    synced.resolve();
    await watch.looked;
    assert.deepEqual([early, connected(watch)], [[0, "unasked"], 1]);
  });

  test("tells a change once, and nothing when nothing changed", async () => {
    await using fleet = start();
    const { world, watch } = fleet;
    await oneRound(world);
    assert.deepEqual([connected(watch), world.changes], [1, 1]);
    world.answer = told(2);
    await oneRound(world);
    assert.deepEqual([connected(watch), world.changes], [2, 2]);
  });

  test("takes a replica that is silent for a moment for what it told before, and then for unknown", async () => {
    await using fleet = start();
    const { world, watch } = fleet;
    await oneRound(world);
    world.answer = silent;
    world.nowMs = 14_999;
    await oneRound(world);
    assert.equal(connected(watch), 1);
    world.nowMs = 15_000;
    await oneRound(world);
    assert.equal(connected(watch), "unknown");
  });

  test("knows nothing of a replica that never spoke", async () => {
    await using fleet = start({ ask: async () => silent });
    const { world, watch } = fleet;
    await oneRound(world);
    assert.equal(connected(watch), "unknown");
  });

  test("counts the proxies of a replica that is ending as long as it answers, and then no more", async () => {
    const ending = { ...replica, name: "meshd-0", isEnding: true };
    const other = { kind: "told", reading: reading({ connected: 4 }) } as const;
    let last: Asked = told(3);
    await using fleet = start({
      replicas: async () => [replica, ending],
      ask: async (_, { isEnding }) => (isEnding ? last : other),
    });
    const { world, watch } = fleet;
    await oneRound(world);
    assert.equal(connected(watch), 7);
    last = silent;
    await oneRound(world);
    assert.equal(connected(watch), 4);
  });

  test("forgets a replica that is gone", async () => {
    let replicas = [replica];
    await using fleet = start({ replicas: async () => replicas });
    const { world, watch } = fleet;
    await oneRound(world);
    replicas = [];
    await oneRound(world);
    assert.equal(connected(watch), "unasked");
  });

  test("keeps what it knows when the API server is away, and goes on", async () => {
    const api = { isAway: false, refusals: 0 };
    const replicas = async () => {
      if (!api.isAway) return [replica];
      api.refusals += 1;
      throw new Error("away");
    };
    await using fleet = start({ replicas });
    const { world, watch } = fleet;
    await oneRound(world);
    api.isAway = true;
    world.answer = told(5);
    await until("two failures", () => api.refusals >= 2);
    assert.equal(connected(watch), 1);
    api.isAway = false;
    await until("the next answer", () => connected(watch) === 5);
  });

  test("looks again at once when it is told to", async () => {
    await using fleet = start({ periodMs: 60_000 });
    const { world, watch } = fleet;
    await until("the first round", () => world.rounds === 1);
    watch.refresh();
    await until("the next round", () => world.rounds === 2);
  });

  test("hands the states of a round on before the next one", async () => {
    await using fleet = start();
    const { world } = fleet;
    await oneRound(world);
    assert.deepEqual([...world.states.keys()], ["default"]);
  });
});
