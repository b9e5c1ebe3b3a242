import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Graph } from "@meshwright/collections/graph";
import type { Addressing, Service } from "../model/service.ts";
import { deriveHttpHosts } from "./http-hosts.ts";
import { createSources, only } from "./sources.ts";
import { service, settings } from "./testdata/mesh.ts";

/** Follows Services, and writes down who is behind port 80: by which addresses, and by which other names. */
function hosts() {
  const sources = createSources(new Graph());
  const derived = deriveHttpHosts(sources.services, sources.settings);
  sources.settings.set(only, settings);
  const seen = (key: string) => {
    const host = derived.get(`80/${key}`);
    return host && [...host.addresses, ...host.aliases.map(({ name }) => name)];
  };
  const set = (value: Service, addressing: Addressing = value.addressing): void =>
    sources.services.set(`${value.namespace}/${value.name}`, { ...value, addressing });
  return { set, seen, remove: (key: string) => sources.services.set(key, undefined) };
}

const virtual = (...addresses: readonly string[]): Addressing => ({ kind: "virtual", addresses });

describe("the Services behind an HTTP port", () => {
  test("are called by an address that two have only where the first by key is", () => {
    const { set, seen, remove } = hosts();
    set(service("web"), virtual("198.19.0.1", "198.19.0.2"));
    assert.deepEqual(seen("shop/web"), ["198.19.0.1", "198.19.0.2"]);
    set(service("db"), virtual("198.19.0.2"));
    assert.deepEqual(seen("shop/web"), ["198.19.0.1"]);
    assert.deepEqual(seen("shop/db"), ["198.19.0.2"]);
    remove("shop/db");
    assert.deepEqual(seen("shop/web"), ["198.19.0.1", "198.19.0.2"]);
  });

  test("have an address each on ports of their own", () => {
    const { set, seen } = hosts();
    set(service("web"), virtual("198.19.0.1"));
    set(service("db", "http", 90), virtual("198.19.0.1"));
    assert.deepEqual(seen("shop/web"), ["198.19.0.1"]);
  });

  test("are known by the names that lead to them", () => {
    const { set, seen, remove } = hosts();
    set(service("web"), { kind: "headless" });
    for (const name of ["b", "a"])
      set({ ...service(name), ports: [] }, { kind: "alias", host: "web.shop.svc.cluster.local" });
    assert.deepEqual(seen("shop/web"), ["a", "b"]);
    remove("shop/a");
    assert.deepEqual(seen("shop/web"), ["b"]);
  });

  test("are none of those whose port carries no HTTP", () => {
    const { set, seen } = hosts();
    set(service("web", "tcp"));
    assert.equal(seen("shop/web"), undefined);
  });
});
