import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FleetState } from "../observe/types.ts";
import { proxiesHealthy, proxyCounts } from "./proxies.ts";

const known = {
  kind: "known",
  connected: 5,
  onTarget: 5,
  stale: 0,
  rejecting: 0,
  versions: [],
  rejections: [],
} as const;
const service = (name: string) => ({ apiVersion: "v1", kind: "Service", namespace: "shop", name });
const rejection = (name: string) => ({
  resource: `outbound|80||${name}`,
  message: "no port",
  objects: [service(name)],
});

/** Status, reason and message. */
const said = (fleet: FleetState): readonly string[] => Object.values(proxiesHealthy(fleet));

describe("the health of proxies", () => {
  test("is good when all have acknowledged", () =>
    assert.deepEqual(said(known).slice(0, 2), ["True", "ProxiesAcknowledge"]));

  test("is bad when one rejects, and the message names the object and the proxy's words", () =>
    assert.deepEqual(said({ ...known, rejecting: 1, rejections: [rejection("web")] }), [
      "False",
      "ProxiesReject",
      'proxies reject "outbound|80||web", made of Service "shop/web": no port',
    ]));

  test("is bad when one does not answer", () =>
    assert.deepEqual(said({ ...known, stale: 1 }).slice(0, 2), ["False", "ProxiesStale"]));

  test("is unknown when a replica is silent, which is named", () =>
    assert.deepEqual(said({ kind: "unknown", detail: 'replica "meshd-2": no answer', rejections: [] }), [
      "Unknown",
      "ReplicaSilent",
      'replica "meshd-2": no answer',
    ]));

  test("is unknown without a replica", () =>
    assert.deepEqual(said({ kind: "unasked" }).slice(0, 2), ["Unknown", "NoReplica"]));

  test("names ten rejections and says that there are more", () => {
    const rejections = Array.from({ length: 12 }, (_, index) => rejection(`web-${index}`));
    const [, , message = ""] = said({ ...known, rejecting: 9, rejections });
    assert.equal(message.match(/made of/g)?.length, 10);
    assert.match(message, /; and more$/);
  });
});

describe("the counts of proxies", () => {
  test("are left out while a replica is silent: that is not zero", () => {
    assert.equal(proxyCounts({ kind: "unknown", detail: "", rejections: [] }), undefined);
    assert.equal(proxyCounts({ kind: "unasked" }), undefined);
  });

  test("name what is rejected, ten at most", () => {
    const rejections = Array.from({ length: 12 }, (_, index) => rejection(`web-${index}`));
    const counts = proxyCounts({ ...known, rejecting: 1, rejections });
    assert.equal(counts?.rejected?.length, 10);
    assert.deepEqual(counts.rejected[0], {
      objects: ['Service "shop/web-0"'],
      resource: "outbound|80||web-0",
      message: "no port",
    });
  });
});
