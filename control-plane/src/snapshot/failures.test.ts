import assert from "node:assert/strict";
import { test } from "node:test";
import { CollectionError } from "@meshwright/collections/collection-error";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { silentObserver } from "./observer.ts";
import { Snapshot } from "./snapshot.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";
import { service, settings, workload } from "./testdata/mesh.ts";
import { connectProxy } from "./testdata/proxies.ts";

test("an object of which nothing can be made stays as it was, and stops nobody else", () => {
  const timers = new ManualTimers();
  const failures: Error[] = [];
  const snapshot = new Snapshot(timers, { ...silentObserver, failed: (error) => failures.push(error) });
  snapshot.setService("shop/web", service("web", "tcp", 9000));
  snapshot.setWorkload("shop/a", workload("a", "web"));
  snapshot.start({ settings, trustBundle: "roots" });
  const proxy = connectProxy(snapshot, workload("a", "web"));
  const listeners = () =>
    [...(proxy.current().get(typeUrls.listener)?.keys() ?? [])].filter((name) => name.startsWith("198.")).toSorted();
  // No reader lets such a port through; the encoder refuses what is not an unsigned number of 32 bits.
  snapshot.setService("shop/web", service("web", "tcp", -1));
  snapshot.setService("shop/db", service("db", "tcp", 9001));
  timers.passTo(1000);
  assert.deepEqual(listeners(), ["198.19.0.100_9001", "198.19.0.119_9000"]);
  assert.ok(failures.length > 0 && failures.every((error) => error instanceof CollectionError));
  snapshot.setService("shop/web", service("web", "tcp", 9002));
  timers.passTo(2000);
  assert.deepEqual(listeners(), ["198.19.0.100_9001", "198.19.0.119_9002"]);
});
