import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ResourceType, silentObserver } from "./observer.ts";
import { Snapshot } from "./snapshot.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";
import { service, settings, slice, workload } from "./testdata/mesh.ts";
import { connectProxy } from "./testdata/proxies.ts";

/** Applies a change to a mesh with a number of connected proxies; says what was translated for it, by type. */
function translatedFor(proxies: number, change: (snapshot: Snapshot) => void): readonly ResourceType[] {
  const timers = new ManualTimers();
  const types: ResourceType[] = [];
  const snapshot = new Snapshot(timers, { ...silentObserver, encoded: (type) => types.push(type) });
  for (const name of ["web", "db"]) snapshot.setService(`shop/${name}`, service(name));
  for (const pod of ["a", "b"]) snapshot.setWorkload(`shop/${pod}`, workload(pod, "web"));
  snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a", "b"]));
  snapshot.start({ settings, trustBundle: "roots" });
  let told = 0;
  for (let proxy = 0; proxy < proxies; proxy++) {
    snapshot.setWorkload(`shop/proxy-${proxy}`, { ...workload(`proxy-${proxy}`, "web"), addresses: [] });
    timers.passTo(timers.now() + 1000);
    connectProxy(snapshot, workload(`proxy-${proxy}`, "web"), undefined, () => (told += 1));
  }
  types.length = 0;
  change(snapshot);
  timers.passTo(timers.now() + 1000);
  assert.equal(told, proxies, "a proxy was not told of the change");
  return types.toSorted();
}

describe("what a change costs does not depend on the number of proxies", () => {
  const changes: Record<string, { change: (snapshot: Snapshot) => void; types: readonly ResourceType[] }> = {
    "one endpoint change translates one resource": {
      change: (snapshot) => snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a"])),
      types: ["eds"],
    },
    "one new Service translates its own resources and its port's table": {
      change: (snapshot) => snapshot.setService("shop/new", service("new")),
      types: ["cds", "eds", "rds"],
    },
    "one new pod with a sidecar translates the clusters that know addresses": {
      change: (snapshot) => snapshot.setWorkload("shop/x", workload("x", "job")),
      types: ["cds", "cds"],
    },
    "an access log translates listeners, once for kernels with IPv6 and once for those without": {
      change: (snapshot) => snapshot.setSettings({ ...settings, accessLog: { kind: "default" } }),
      types: ["lds", "lds", "lds", "lds", "lds"],
    },
    "new roots translate the one secret": {
      change: (snapshot) => snapshot.setTrustBundle("other roots"),
      types: ["sds"],
    },
  };
  for (const [name, { change, types }] of Object.entries(changes))
    test(name, () => {
      assert.deepEqual(translatedFor(1, change), types);
      assert.deepEqual(translatedFor(300, change), types);
    });
});
