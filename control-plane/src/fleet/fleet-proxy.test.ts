import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseFleetLine, renderFleetLine } from "@meshwright/contract/fleet-lines";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { fleetProxy, podOf } from "./fleet-proxy.ts";
import { connectProxy, connectRejecting } from "./testdata/connected.ts";

describe("the record of a proxy", () => {
  test("says who it is, since when, and by which certificate", () => {
    const { connected } = connectProxy("web-1", "shop");
    assert.deepEqual(fleetProxy(connected), {
      kind: "proxy",
      node: "sidecar~198.18.128.5~web-1.shop~shop.svc.cluster.local",
      identity: "spiffe://cluster.local/ns/shop/sa/web",
      namespace: "shop",
      pod: "web-1",
      envoyVersion: "1.40.0",
      version: "",
      connectedAt: "2030-01-01T00:00:00.000Z",
      certificate: { serial: "0a", issuer: "O=cluster.local" },
      trustBundle: "",
      types: {},
    });
  });

  test("says how long a response has been waiting for its answer", () => {
    const { connected, ask } = connectProxy("web-1", "shop");
    ask({ type: typeUrls.cluster }, 31_000);
    const waiting = { sent: "1", acknowledged: "", waitingMs: 31_000, isSettled: false, rejected: [] };
    assert.deepEqual(fleetProxy(connected).types[typeUrls.cluster], waiting);
    ask({ type: typeUrls.cluster, nonce: "1" });
    const answered = { sent: "1", acknowledged: "1", waitingMs: 0, isSettled: true, rejected: [] };
    assert.deepEqual(fleetProxy(connected).types[typeUrls.cluster], answered);
  });

  test("names what it rejected, with its words and the objects at fault", () => {
    const connected = connectRejecting("web-1", "shop");
    const [rejection, ...others] = fleetProxy(connected).types[typeUrls.cluster]?.rejected ?? [];
    assert.deepEqual(others, []);
    assert.equal(rejection?.resource, "bad");
    assert.equal(rejection.message, "bad: not a cluster");
    assert.deepEqual(rejection.objects, [{ apiVersion: "v1", kind: "Service", namespace: "shop", name: "web" }]);
  });

  test("blames the one object that the proxy names, and all of them when it names none", () => {
    const objects = ["web", "api"].map((name) => ({ apiVersion: "v1", kind: "Service", namespace: "shop", name }));
    const blamed = (message: string): readonly string[] => {
      const connected = connectRejecting("web-1", "shop", { origins: objects, message });
      const [rejection] = fleetProxy(connected).types[typeUrls.cluster]?.rejected ?? [];
      return (rejection?.objects ?? []).map(({ name }) => name);
    };
    assert.deepEqual(blamed("bad: duplicate domain api.shop.svc"), ["api"]);
    assert.deepEqual(blamed("bad: no"), ["web", "api"]);
  });

  test("says which trust bundle it has acknowledged", () => {
    const connected = connectRejecting("web-1", "shop");
    const served = connected.view().get(typeUrls.secret)?.get("ROOTCA")?.version;
    assert.equal(fleetProxy(connected).trustBundle, served);
  });

  test("is readable whatever the proxy says of itself", () => {
    const { connected } = connectProxy("web-1", "shop");
    const long = "x".repeat(100_000);
    const proxy = fleetProxy({ ...connected, node: { ...connected.node, envoyVersion: long, id: `${long}~` } });
    assert.equal(parseFleetLine(renderFleetLine(proxy)).kind, "line");
  });

  test("knows pods with dots in their names", () =>
    assert.equal(podOf("sidecar~198.18.128.5~web.v1-1.shop~shop.svc.cluster.local"), "web.v1-1"));
});
