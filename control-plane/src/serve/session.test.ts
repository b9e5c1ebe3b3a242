import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import fc from "fast-check";
import { type Room, unlimited } from "./batch.ts";
import type { Response } from "./conversation.ts";
import { Session } from "./session.ts";
import { Shared } from "./shared.ts";
import type { ProxyView, ResourceMap } from "./view.ts";

const types = {
  cds: typeUrls.cluster,
  eds: typeUrls.endpoint,
  lds: typeUrls.listener,
  rds: typeUrls.route,
  sds: typeUrls.secret,
} as const;
type Short = keyof typeof types;

type Versions = Readonly<Partial<Record<Short, Readonly<Record<string, string>>>>>;

function viewOf(versions: Versions): ProxyView {
  return new Map(Object.entries(versions).map(([short, byName]) => [types[short as Short], mapOf(byName)]));
}

function mapOf(byName: Readonly<Record<string, string>>): ResourceMap {
  return new Map(
    Object.entries(byName).map(([name, version]) => [name, { name, version, bytes: new Uint8Array(10), origins: [] }]),
  );
}

const shortOf = (type: TypeUrl): Short => (Object.keys(types) as Short[]).find((key) => types[key] === type) ?? "sds";

function written({ type, resources, removed }: Response): string {
  const sent = resources.map(({ name, version }) => `${name}@${version}`);
  return [shortOf(type), ...sent, ...removed.map((name) => `-${name}`)].join(" ");
}

/** An Envoy as the protocol sees it. It asks for the endpoints of each cluster, as Envoy does, and may reject versions. */
class Envoy {
  readonly session: Session;
  readonly has = new Map<Short, Map<string, string>>();
  readonly #rejects: (name: string, version: string) => boolean;

  constructor(versions: Versions, rejects: (name: string, version: string) => boolean = () => false) {
    this.session = new Session(viewOf(versions), new Shared());
    this.#rejects = rejects;
  }

  offer(versions: Versions): void {
    this.session.offer(viewOf(versions));
  }

  ask(short: Short, subscribe: readonly string[] = [], unsubscribe: readonly string[] = []): void {
    const request = { type: types[short], nonce: "", error: undefined, subscribe, unsubscribe, initialVersions: {} };
    this.session.request(request);
  }

  /** Takes the next response without an answer. */
  take(room: Room = unlimited): Response | undefined {
    const next = this.session.next(room);
    return next.kind === "response" ? next.response : undefined;
  }

  next(): string {
    const response = this.take();
    return response === undefined ? "nothing" : written(response);
  }

  answer(response: Response): void {
    const short = shortOf(response.type);
    const bad = response.resources.find(({ name, version }) => this.#rejects(name, version));
    const known = this.has.get(short) ?? new Map<string, string>();
    if (bad === undefined) this.#apply(short, known, response);
    this.has.set(short, known);
    const error = bad === undefined ? undefined : "something is wrong";
    const request = { subscribe: [], unsubscribe: [], initialVersions: {} };
    this.session.request({ type: response.type, nonce: response.nonce, error, ...request });
    if (short === "cds" && bad === undefined) this.#followClusters(response);
  }

  /** Takes and answers everything; returns what was sent. */
  settle(): string[] {
    const sent: string[] = [];
    for (let response = this.take(); response !== undefined; response = this.take()) {
      sent.push(written(response));
      this.answer(response);
    }
    return sent;
  }

  #apply(short: Short, known: Map<string, string>, response: Response): void {
    for (const { name, version } of response.resources) known.set(name, version);
    for (const name of response.removed) known.delete(name);
    assert.ok(
      short !== "lds" || response.resources.every(({ name }) => this.#isReady(name)),
      "listener before cluster",
    );
    assert.ok(short !== "rds" || response.resources.every(({ name }) => this.#isReady(name)), "route before cluster");
  }

  /** Listeners and routes of these tests need the cluster of their own name. */
  #isReady(name: string): boolean {
    return this.has.get("cds")?.has(name) === true && this.has.get("eds")?.has(name) === true;
  }

  #followClusters(response: Response): void {
    const names = response.resources.map(({ name }) => name).filter((name) => !this.#asked.has(name));
    for (const name of names) this.#asked.add(name);
    for (const name of response.removed) this.#asked.delete(name);
    if (names.length > 0 || response.removed.length > 0) this.ask("eds", names, response.removed);
  }

  readonly #asked = new Set<string>();
}

const all = (byName: Readonly<Record<string, string>>): Versions => ({
  cds: byName,
  eds: byName,
  lds: byName,
  rds: byName,
});

function connected(versions: Versions, routes: readonly string[]): Envoy {
  const envoy = new Envoy(versions);
  envoy.ask("cds");
  envoy.settle();
  envoy.ask("lds");
  envoy.ask("rds", routes);
  envoy.settle();
  return envoy;
}

describe("a session", () => {
  test("begins with clusters, then endpoints, listeners and routes", () => {
    const envoy = new Envoy(all({ a: "1" }));
    envoy.ask("lds");
    envoy.ask("rds", ["a"]);
    envoy.ask("cds");
    assert.deepEqual(envoy.settle(), ["cds a@1", "eds a@1", "lds a@1", "rds a@1"]);
  });

  test("sends a route to a new cluster only after the cluster's endpoints are acknowledged", () => {
    const envoy = connected(all({ a: "1" }), ["a", "b"]);
    envoy.offer(all({ a: "1", b: "1" }));
    const clusters = envoy.take();
    assert.equal(clusters && written(clusters), "cds b@1");
    assert.equal(envoy.next(), "nothing");
    if (clusters) envoy.answer(clusters);
    const endpoints = envoy.take();
    assert.equal(endpoints && written(endpoints), "eds b@1");
    assert.equal(envoy.next(), "nothing");
    if (endpoints) envoy.answer(endpoints);
    assert.deepEqual(envoy.settle(), ["lds b@1", "rds b@1"]);
  });

  test("removes a cluster only after listeners and routes without it are acknowledged", () => {
    const envoy = connected(all({ a: "1", b: "1" }), ["a", "b"]);
    envoy.offer(all({ a: "1" }));
    assert.deepEqual(envoy.settle(), ["lds -b", "rds -b", "cds -b"]);
  });

  test("sends endpoints at once, whatever else is unanswered", () => {
    const envoy = connected(all({ a: "1" }), ["a"]);
    envoy.offer({ ...all({ a: "1", b: "1" }) });
    envoy.next();
    envoy.offer({ ...all({ a: "1", b: "1" }), eds: { a: "2", b: "1" } });
    assert.equal(envoy.next(), "eds a@2");
  });

  test("sends the endpoints of a changed cluster again, changed or not", () => {
    const envoy = connected(all({ a: "1" }), ["a"]);
    envoy.offer({ ...all({ a: "1" }), cds: { a: "2" } });
    assert.deepEqual(envoy.settle(), ["cds a@2", "eds a@1"]);
  });

  test("gives up waiting for endpoints that nobody asks for, until all is ready again", () => {
    const envoy = new Envoy(all({ a: "1" }));
    envoy.ask("lds");
    envoy.ask("cds");
    const clusters = envoy.take();
    assert.equal(envoy.session.isWarming, true);
    assert.equal(envoy.next(), "nothing");
    envoy.session.giveUpWarming();
    assert.equal(envoy.session.isWarming, false);
    assert.equal(envoy.next(), "lds a@1");
    if (clusters) envoy.answer(clusters);
  });

  test("does not wait for a cluster that was rejected", () => {
    const envoy = new Envoy({ cds: { bad: "1" }, eds: { bad: "1" } }, (name) => name === "bad");
    envoy.ask("cds");
    envoy.ask("lds");
    assert.deepEqual(envoy.settle(), ["cds bad@1", "lds"]);
  });

  test("does not wait for a cluster that is gone again", () => {
    const envoy = connected(all({}), []);
    envoy.offer({ cds: { b: "1" }, eds: { b: "1" } });
    const clusters = envoy.take();
    envoy.offer({ lds: {} });
    assert.equal(envoy.session.isWarming, false);
    if (clusters) envoy.answer(clusters);
    assert.deepEqual(envoy.settle(), ["eds -b", "cds -b"]);
  });

  test("holds a listener back until the endpoints are there that its cluster had none of before", () => {
    const envoy = new Envoy(all({ b: "1" }));
    envoy.ask("cds");
    envoy.ask("lds");
    const clusters = envoy.take();
    envoy.offer(all({}));
    if (clusters) envoy.answer(clusters);
    const missing = envoy.take();
    envoy.offer(all({ b: "1" }));
    assert.equal(envoy.next(), "nothing");
    if (missing) envoy.answer(missing);
    assert.deepEqual(envoy.settle(), ["eds b@1", "lds b@1"]);
  });

  test("goes on although what was rejected together is gone meanwhile", () => {
    const envoy = new Envoy(all({ c: "1" }), (name, version) => name === "b" && version === "2");
    envoy.ask("cds");
    envoy.ask("lds");
    envoy.settle();
    envoy.offer(all({ b: "2", c: "2" }));
    const rejected = envoy.take();
    envoy.offer(all({ a: "1" }));
    if (rejected) envoy.answer(rejected);
    envoy.settle();
    assert.deepEqual(Object.fromEntries(envoy.has.get("cds") ?? []), { a: "1" });
  });

  test("goes on waiting for a cluster when a listener of the same name is rejected", () => {
    const envoy = new Envoy(all({ b: "2" }), (name, version) => name === "b" && version === "2");
    envoy.ask("cds");
    envoy.ask("lds");
    const [rejected] = [envoy.take()];
    if (rejected) envoy.answer(rejected);
    const listener = envoy.take();
    assert.equal(listener && written(listener), "lds b@2");
    envoy.offer(all({ b: "1" }));
    assert.equal(envoy.next(), "cds b@1");
    if (listener) envoy.answer(listener);
    assert.equal(envoy.next(), "nothing");
  });

  test("answers a type that nobody serves", () => {
    const envoy = new Envoy({});
    const type = "type.googleapis.com/other" as const;
    const request = { nonce: "", error: undefined, subscribe: ["x"], unsubscribe: [], initialVersions: {} };
    envoy.session.request({ type, ...request });
    assert.deepEqual(envoy.take()?.removed, ["x"]);
  });
});

describe("a session with little room", () => {
  const parts = { kind: "parts", bytes: 10 } as const;
  const little = { kind: "whole", bytes: 10 } as const;

  test("sends clusters in parts, and no listener before the last of them is ready", () => {
    const envoy = new Envoy(all({ a: "1", b: "1" }));
    envoy.ask("cds");
    envoy.ask("lds");
    const sent: string[] = [];
    for (let response = envoy.take(parts); response !== undefined; response = envoy.take(parts)) {
      sent.push(written(response));
      envoy.answer(response);
    }
    assert.deepEqual(sent, ["cds a@1", "cds b@1", "eds a@1", "eds b@1", "lds a@1 b@1"]);
  });

  test("holds clusters back that are too large, and endpoints alone pass them", () => {
    const envoy = connected(all({ a: "1" }), ["a"]);
    envoy.offer({ ...all({ a: "1", b: "1", c: "1" }), eds: { a: "2", b: "1", c: "1" } });
    const endpoints = envoy.take(little);
    assert.equal(endpoints && written(endpoints), "eds a@2");
    assert.deepEqual(envoy.session.next(little), { kind: "heldBack" });
    assert.equal(envoy.next(), "cds b@1 c@1");
  });
});

describe("whatever happens in whatever order", () => {
  const names = fc.constantFrom("a", "b", "c", "d");
  const versions = fc.dictionary(names, fc.constantFrom("1", "2", "3"), { maxKeys: 4 });
  /** Each resource takes ten bytes: any, one at a time, or none of more than one. */
  const rooms = fc.constantFrom<Room>(unlimited, { kind: "parts", bytes: 10 }, { kind: "whole", bytes: 10 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant("offer" as const), versions }),
    fc.record({ kind: fc.constant("take" as const), room: rooms }),
    fc.record({ kind: fc.constant("answer" as const) }),
    fc.record({ kind: fc.constant("ask" as const), name: names }),
    fc.record({ kind: fc.constant("leave" as const), name: names }),
  );

  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** Runs the steps with responses left unanswered for a while, then lets everything settle. */
  function run(envoy: Envoy, first: Readonly<Record<string, string>>, steps: readonly Step[]) {
    const unanswered: Response[] = [];
    const routes = new Set<string>();
    let current = first;
    envoy.ask("cds");
    envoy.ask("lds");
    for (const next of steps) {
      if (next.kind === "offer") envoy.offer(all((current = next.versions)));
      if (next.kind === "take") unanswered.push(...[envoy.take(next.room)].flatMap((response) => response ?? []));
      if (next.kind === "answer") unanswered.splice(0, 1).forEach((response) => envoy.answer(response));
      if (next.kind === "ask") envoy.ask("rds", [...routes.add(next.name)].slice(-1));
      if (next.kind === "leave" && routes.delete(next.name)) envoy.ask("rds", [], [next.name]);
    }
    for (const response of unanswered) envoy.answer(response);
    envoy.settle();
    return { current, routes };
  }

  test("the client ends with exactly what it wants, and never has a listener or route without its cluster", () => {
    fc.assert(
      fc.property(versions, fc.array(step, { maxLength: 40 }), (first, steps) => {
        const envoy = new Envoy(all(first));
        const { current } = run(envoy, first, steps);
        for (const short of ["cds", "lds"] as const) {
          assert.deepEqual(Object.fromEntries(envoy.has.get(short) ?? []), { ...current }, short);
        }
        assert.equal(envoy.session.isWarming, false);
        assert.ok(envoy.session.subscriptions.values().every((subscription) => subscription.isSettled));
      }),
      { numRuns: 300 },
    );
  });

  test("a rejected version is isolated: everything else arrives", () => {
    fc.assert(
      fc.property(versions, fc.array(step, { maxLength: 40 }), (first, steps) => {
        const envoy = new Envoy(all(first), (name, version) => name === "b" && version === "2");
        const { current } = run(envoy, first, steps);
        const { b, ...others } = Object.fromEntries(envoy.has.get("cds") ?? []);
        const { b: wanted, ...wantedOthers } = current;
        assert.deepEqual(others, wantedOthers);
        assert.ok(wanted === "2" ? b !== "2" : b === wanted);
      }),
      { numRuns: 300 },
    );
  });
});
