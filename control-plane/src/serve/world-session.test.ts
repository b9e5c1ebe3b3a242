import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { RouteConfigurationSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import { DiscoveryResponseSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { unlimited } from "./batch.ts";
import { Shared } from "./shared.ts";
import { type Bodies, viewOf } from "./testdata/one-view.ts";
import { wholeMessage } from "./testdata/whole-message.ts";
import type { ProxyView } from "./view.ts";
import { WorldSession } from "./world-session.ts";

const { cluster, endpoint, listener, route } = typeUrls;
const clusters = (...names: string[]): Bodies =>
  Object.fromEntries(names.map((name) => [name, packAny(ClusterSchema, { name })]));
const changed = (name: string): Bodies => ({ [name]: packAny(ClusterSchema, { name, altStatName: "changed" }) });
const endpoints = (...names: string[]): Bodies =>
  Object.fromEntries(names.map((name) => [name, packAny(ClusterLoadAssignmentSchema, { clusterName: name })]));
const routes = (...names: string[]): Bodies =>
  Object.fromEntries(names.map((name) => [name, packAny(RouteConfigurationSchema, { name })]));
const listeners = (...names: string[]): Bodies =>
  Object.fromEntries(names.map((name) => [name, packAny(ListenerSchema, { name })]));

/** A client of the state-of-the-world variant that repeats its names in each request, as Envoy does. */
class Client {
  readonly session: WorldSession;
  readonly #names = new Map<TypeUrl, readonly string[]>();

  constructor(view: ProxyView) {
    this.session = new WorldSession(view, new Shared());
  }

  ask(type: TypeUrl, names: readonly string[] = [], nonce = "", error?: string): string | undefined {
    this.#names.set(type, names);
    return this.session.request({ type, names, nonce, error })?.kind;
  }

  next() {
    const next = this.session.next(unlimited);
    if (next.kind !== "response") return undefined;
    const { versionInfo, nonce, typeUrl, resources } = fromBinary(
      DiscoveryResponseSchema,
      wholeMessage(next.response.encode()),
    );
    const names = resources.map(({ typeUrl: packed, value }) => nameOf(packed, value));
    return { type: typeUrl as TypeUrl, version: versionInfo, nonce, names: names.toSorted() };
  }

  /** Takes and acknowledges everything; returns what was sent. */
  settle(): string[] {
    const sent: string[] = [];
    for (let response = this.next(); response !== undefined; response = this.next()) {
      sent.push(`${response.type.split(".").at(-1)} ${response.names.join(" ")}`.trim());
      this.ask(response.type, this.#names.get(response.type), response.nonce);
    }
    return sent;
  }
}

function nameOf(type: string, value: Uint8Array): string {
  if (type === cluster) return fromBinary(ClusterSchema, value).name;
  if (type === endpoint) return fromBinary(ClusterLoadAssignmentSchema, value).clusterName;
  if (type === route) return fromBinary(RouteConfigurationSchema, value).name;
  return fromBinary(ListenerSchema, value).name;
}

function connected(view: ProxyView): Client {
  const client = new Client(view);
  client.ask(cluster);
  client.settle();
  return client;
}

describe("the state of the world", () => {
  test("holds all clusters whenever one changes", () => {
    const client = connected(viewOf(clusters("a", "b")));
    client.session.offer(viewOf(clusters("a", "b", "c")));
    assert.deepEqual(client.settle(), ["Cluster a b c"]);
  });

  test("leaves out what is gone", () => {
    const client = connected(viewOf(clusters("a", "b")));
    client.session.offer(viewOf(clusters("b")));
    assert.deepEqual(client.settle(), ["Cluster b"]);
  });

  test("goes in the same order as differences do", () => {
    const client = new Client(viewOf(clusters("a"), endpoints("a"), listeners("in")));
    client.ask(listener);
    client.ask(endpoint, ["a"]);
    client.ask(cluster);
    assert.deepEqual(client.settle(), ["Cluster a", "ClusterLoadAssignment a", "Listener in"]);
  });

  test("of endpoints is what changed of those that are asked for", () => {
    const client = new Client(viewOf(endpoints("a", "b", "c")));
    client.ask(endpoint, ["a", "b"]);
    assert.deepEqual(client.settle(), ["ClusterLoadAssignment a b"]);
    client.ask(endpoint, ["a", "b", "c"]);
    assert.deepEqual(client.settle(), ["ClusterLoadAssignment c"]);
  });

  test("says nothing of a name that does not exist, and goes on", () => {
    const client = new Client(viewOf(routes("a")));
    client.ask(route, ["missing"]);
    assert.deepEqual(client.settle(), []);
    client.ask(route, ["missing", "a"]);
    assert.deepEqual(client.settle(), ["RouteConfiguration a"]);
  });

  test("has no endpoints of a cluster for which there are none, so that Envoy does not wait for them", () => {
    const client = new Client(viewOf(endpoints("a")));
    client.ask(endpoint, ["a", "missing"]);
    assert.deepEqual(client.settle(), ["ClusterLoadAssignment a missing"]);
    client.session.offer(viewOf(endpoints("a", "missing")));
    assert.deepEqual(client.settle(), ["ClusterLoadAssignment missing"]);
  });

  test("has a version for each type, the same on every replica and another for other content", () => {
    const versionOf = (view: ProxyView): string | undefined => {
      const client = new Client(view);
      client.ask(cluster);
      return client.next()?.version;
    };
    assert.equal(versionOf(viewOf(clusters("a", "b"))), versionOf(viewOf(clusters("b", "a"))));
    assert.notEqual(versionOf(viewOf(clusters("a"))), versionOf(viewOf(clusters("b"))));
    assert.notEqual(versionOf(viewOf(clusters("a"))), versionOf(viewOf(changed("a"))));
  });

  test("is told in full on a new stream, whatever the client had", () => {
    assert.deepEqual(connected(viewOf(clusters("a"))).settle(), []);
    const client = new Client(viewOf(clusters("a")));
    client.ask(cluster);
    assert.deepEqual(client.settle(), ["Cluster a"]);
  });

  test("takes nothing from an answer to an older response", () => {
    const client = new Client(viewOf(clusters("a")));
    client.ask(cluster);
    const first = client.next();
    client.ask(cluster, [], first?.nonce);
    client.session.offer(viewOf(clusters("b")));
    client.next();
    assert.equal(client.ask(cluster, ["other"], first?.nonce), "stale");
    assert.equal(client.next(), undefined);
  });

  test("goes on without a cluster that is rejected, which the others do not wait for", () => {
    const client = connected(viewOf(clusters("one")));
    client.session.offer(viewOf(clusters("one", "bad", "two")));
    const rejected = client.next();
    assert.equal(client.ask(cluster, [], rejected?.nonce, 'cluster "bad" is wrong'), "split");
    const others = client.next();
    assert.deepEqual(others?.names, ["one", "two"]);
    client.ask(cluster, [], others?.nonce);
    const alone = client.next();
    assert.deepEqual(alone?.names, ["bad", "one", "two"]);
    assert.equal(client.ask(cluster, [], alone?.nonce, "wrong"), "rejected");
    client.session.offer(viewOf(clusters("one", "bad", "three")));
    assert.deepEqual(client.settle(), ["Cluster one three two", "Cluster one three"]);
  });

  test("of clusters ends with the wildcard when names are spelt out, and is nothing when they are gone", () => {
    const client = connected(viewOf(clusters("a", "b")));
    client.ask(cluster, ["a"]);
    client.session.offer(viewOf(clusters("c"), changed("a"), clusters("b")));
    assert.deepEqual(client.settle(), ["Cluster a"]);
    client.ask(cluster, []);
    client.session.offer(viewOf(clusters("a", "d")));
    assert.deepEqual(client.settle(), []);
  });

  test("of clusters is everything and some names when both are asked for", () => {
    const client = new Client(viewOf(clusters("a")));
    client.ask(cluster, ["*", "on-demand"]);
    assert.deepEqual(client.settle(), ["Cluster a"]);
    client.session.offer(viewOf(clusters("a", "on-demand")));
    assert.deepEqual(client.settle(), ["Cluster a on-demand"]);
  });

  test("of a type that nobody serves is nothing", () => {
    const client = new Client(viewOf(clusters("a")));
    client.ask("type.googleapis.com/unknown");
    assert.deepEqual(client.settle(), ["com/unknown"]);
  });
});
