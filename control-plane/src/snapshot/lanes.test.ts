import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { Snapshot } from "./snapshot.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";
import { service, settings, slice, workload } from "./testdata/mesh.ts";
import { connectProxy } from "./testdata/proxies.ts";

const cluster = (name: string): string => `outbound|80||${name}.shop.svc.cluster.local`;

/** A mesh in which a storm of configuration changes has begun, so that the next ones wait. */
function storming() {
  const timers = new ManualTimers();
  const snapshot = new Snapshot(timers);
  snapshot.setService("shop/web", service("web"));
  for (const pod of ["a", "b", "n"]) snapshot.setWorkload(`shop/${pod}`, workload(pod, "web"));
  snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a", "b"]));
  snapshot.start({ settings, trustBundle: "roots" });
  timers.passTo(1000);
  const proxy = connectProxy(snapshot, workload("a", "web"));
  for (const port of [81, 82, 83]) {
    snapshot.setService("shop/storm", service("storm", "http", port));
    timers.passTo(timers.now() + 1);
  }
  const versionOf = (type: keyof typeof typeUrls, name: string) =>
    proxy.current().get(typeUrls[type])?.get(name)?.version;
  return { timers, snapshot, versionOf };
}

describe("a change of endpoints", () => {
  test("does not wait for changes of configuration", () => {
    const { timers, snapshot, versionOf } = storming();
    const before = versionOf("endpoint", cluster("web"));
    snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a"]));
    timers.passTo(timers.now() + 1);
    assert.notEqual(versionOf("endpoint", cluster("web")), before);
    assert.equal(versionOf("cluster", "outbound|83||storm.shop.svc.cluster.local"), undefined);
  });

  test("does not come before the cluster that it is for", () => {
    const { timers, snapshot, versionOf } = storming();
    snapshot.setService("shop/new", service("new"));
    snapshot.setEndpointSlice("shop/new-1", slice("new-1", "new", ["n"]));
    timers.passTo(timers.now() + 1);
    assert.equal(versionOf("endpoint", cluster("new")), undefined);
    assert.equal(versionOf("cluster", cluster("new")), undefined);
    timers.passTo(timers.now() + 1000);
    assert.notEqual(versionOf("endpoint", cluster("new")), undefined);
    assert.notEqual(versionOf("cluster", cluster("new")), undefined);
  });

  test("goes with its Service when that goes, and leaves no route to nowhere", () => {
    const { timers, snapshot, versionOf } = storming();
    const before = versionOf("endpoint", cluster("web"));
    snapshot.setService("shop/web", undefined);
    snapshot.setEndpointSlice("shop/web-1", undefined);
    timers.passTo(timers.now() + 1);
    assert.equal(versionOf("endpoint", cluster("web")), before);
    timers.passTo(timers.now() + 1000);
    assert.equal(versionOf("endpoint", cluster("web")), undefined);
    assert.equal(versionOf("cluster", cluster("web")), undefined);
  });

  test("takes away a pod that terminates, even of a Service that is about to go", () => {
    const { timers, snapshot, versionOf } = storming();
    const before = versionOf("endpoint", cluster("web"));
    snapshot.setService("shop/web", undefined);
    snapshot.setWorkload("shop/b", { ...workload("b", "web"), isTerminating: true });
    timers.passTo(timers.now() + 1);
    assert.notEqual(versionOf("endpoint", cluster("web")), before);
  });
});
