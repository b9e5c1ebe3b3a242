import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EndpointSlice } from "../model/endpoint-slice.ts";
import type { Service } from "../model/service.ts";
import { Registry } from "./registry.ts";

const service = (namespace: string, name: string): Service => ({
  namespace,
  name,
  addressing: { kind: "headless" },
  ports: [],
  selector: {},
});
const slice = (name: string, of: string): EndpointSlice => ({
  namespace: "shop",
  name,
  service: of,
  ports: [],
  endpoints: [],
});

describe("the registry", () => {
  test("tells what came, changed and went, and nothing of what was never here", () => {
    const events: string[] = [];
    const registry = new Registry((kind, event) => events.push(`${event} ${kind}`));
    registry.setService("shop/web", service("shop", "web"));
    registry.setService("shop/web", service("shop", "web"));
    registry.setService("shop/web", undefined);
    registry.setService("shop/web", undefined);
    registry.setWorkload("shop/web-1", undefined);
    assert.deepEqual(events, ["add Services", "update Services", "delete Services"]);
  });

  test("finds the Services of a namespace, sorted", () => {
    const registry = new Registry(() => undefined);
    for (const name of ["web", "api"]) registry.setService(`shop/${name}`, service("shop", name));
    registry.setService("data/db", service("data", "db"));
    assert.deepEqual(
      registry.services("shop").map(({ name }) => name),
      ["api", "web"],
    );
    assert.equal(registry.services().length, 3);
    assert.equal(registry.serviceCount, 3);
  });

  test("follows a slice that moves to another Service", () => {
    const registry = new Registry(() => undefined);
    registry.setEndpointSlice("shop/a", slice("a", "web"));
    registry.setEndpointSlice("shop/a", slice("a", "api"));
    assert.deepEqual(registry.slicesOf(service("shop", "web")), []);
    assert.deepEqual(registry.slicesOf(service("shop", "api")), [slice("a", "api")]);
    registry.setEndpointSlice("shop/a", undefined);
    assert.deepEqual(registry.slicesOf(service("shop", "api")), []);
  });
});
