import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ProxyView } from "../serve/view.ts";
import { Snapshot } from "./snapshot.ts";
import { service, settings, slice, workload } from "./testdata/mesh.ts";
import { connectProxy } from "./testdata/proxies.ts";
import type { Timers } from "./timers.ts";

/** A clock that goes on by a millisecond whenever somebody looks at it, and tasks that run when the test says so. */
class BusyTimers implements Timers {
  readonly #tasks = new Set<() => void>();
  #nowMs = 0;

  now(): number {
    return (this.#nowMs += 1);
  }

  busyMs(): number {
    return 0;
  }

  schedule(task: () => void): () => void {
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Runs the tasks of one turn of the event loop; says whether there were any. */
  turn(): boolean {
    const tasks = [...this.#tasks];
    for (const task of tasks) if (this.#tasks.delete(task)) task();
    return tasks.length > 0;
  }
}

function versions(view: ProxyView): readonly string[] {
  return [...view.values()].flatMap((resources) =>
    [...resources.values()].map(({ name, version }) => `${name} ${version}`),
  );
}

/** A mesh whose settings are about to change, which takes many turns; `told` is what its proxy was shown. */
function changing() {
  const timers = new BusyTimers();
  const snapshot = new Snapshot(timers);
  for (let index = 0; index < 40; index++)
    snapshot.setService(`shop/svc-${index}`, service(`svc-${index}`, "tcp", index + 1));
  for (const pod of ["a", "b"]) snapshot.setWorkload(`shop/${pod}`, workload(pod, "web"));
  snapshot.setEndpointSlice("shop/svc-7-1", slice("svc-7-1", "svc-7", ["a", "b"]));
  snapshot.start({ settings, trustBundle: "roots" });
  while (timers.turn());
  const told: (readonly string[])[] = [];
  const proxy = connectProxy(snapshot, workload("a", "web"), undefined, () => told.push(versions(proxy.current())));
  const before = versions(proxy.current());
  snapshot.setSettings({ ...settings, accessLog: { kind: "default" } });
  return { timers, snapshot, told, proxy, before };
}

describe("the first build", () => {
  test("is worked off in turns too, and says when it is done", async () => {
    const timers = new BusyTimers();
    const snapshot = new Snapshot(timers);
    for (let index = 0; index < 40; index++) snapshot.setService(`shop/svc-${index}`, service(`svc-${index}`));
    snapshot.setWorkload("shop/a", workload("a", "web"));
    while (timers.turn());
    snapshot.start({ settings, trustBundle: "roots" });
    let isSettled = false;
    const settled = snapshot.settled().then(() => (isSettled = true));
    let turns = 0;
    while (timers.turn()) {
      assert.equal(isSettled, false);
      turns += 1;
    }
    await settled;
    assert.ok(turns > 10, `${turns} turns`);
    assert.ok(versions(connectProxy(snapshot, workload("a", "web")).current()).length > 80);
  });

  test("is settled at once when there is nothing to do", async () => {
    await new Snapshot(new BusyTimers()).settled();
  });
});

describe("a change that takes long", () => {
  test("is worked off in turns, and shown as a whole at the end", () => {
    const { timers, told, proxy, before } = changing();
    let turns = 0;
    while (told.length === 0 && timers.turn()) {
      turns += 1;
      if (told.length === 0) assert.deepEqual(versions(proxy.current()), before);
    }
    assert.ok(turns > 10, `${turns} turns`);
    while (timers.turn());
    assert.equal(told.length, 1);
  });

  test("takes with it what changes meanwhile", () => {
    const { timers, snapshot, told, proxy } = changing();
    timers.turn();
    snapshot.setEndpointSlice("shop/svc-7-1", slice("svc-7-1", "svc-7", ["a"]));
    while (timers.turn());
    const anew = connectProxy(snapshot, workload("b", "web"));
    assert.deepEqual(versions(proxy.current()).toSorted(), versions(anew.current()).toSorted());
    assert.equal(told.length, 1);
  });

  test("is not hurried by a proxy that leaves", () => {
    const { timers, snapshot, told } = changing();
    const other = connectProxy(snapshot, workload("b", "web"));
    snapshot.setSettings({ ...settings, outboundTraffic: "registryOnly" });
    const before = told.length;
    timers.turn();
    other.disconnect();
    assert.equal(told.length, before);
    while (timers.turn());
    assert.equal(told.length, before + 1);
  });

  test("is finished at once when a proxy connects, which sees all of it", () => {
    const { timers, snapshot, told, proxy } = changing();
    timers.turn();
    const late = connectProxy(snapshot, workload("b", "web"));
    assert.deepEqual(versions(late.current()).toSorted(), versions(proxy.current()).toSorted());
    assert.equal(told.length, 1);
    while (timers.turn());
    assert.equal(told.length, 1);
  });
});
