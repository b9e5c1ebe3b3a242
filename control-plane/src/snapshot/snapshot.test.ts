import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { Accepted, ProxyNode, ProxyTraits, ProxyView } from "../serve/view.ts";
import { Snapshot } from "./snapshot.ts";
import { ManualTimers } from "./testdata/manual-timers.ts";
import { policy, service, settings, slice, workload } from "./testdata/mesh.ts";

/** A mesh in which `web`, with the pods a and b, calls `db`, with the pod d. */
function mesh(): { snapshot: Snapshot; timers: ManualTimers } {
  const timers = new ManualTimers();
  const snapshot = new Snapshot(timers);
  for (const name of ["web", "db"]) snapshot.setService(`shop/${name}`, service(name));
  for (const name of ["a", "b"]) snapshot.setWorkload(`shop/${name}`, workload(name, "web"));
  snapshot.setWorkload("shop/d", workload("d", "db"));
  snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a", "b"]));
  snapshot.setEndpointSlice("shop/db-1", slice("db-1", "db", ["d"]));
  snapshot.start({ settings, trustBundle: "roots" });
  timers.passTo(1000);
  return { snapshot, timers };
}

const plain = { ipStack: "dual", capturesDns: false } as const;
const named = { ipStack: "dual", capturesDns: true } as const;

function connect(snapshot: Snapshot, pod: string, serviceAccount = "web", traits: ProxyTraits = plain): Accepted {
  const id = `sidecar~198.18.128.2~${pod}.shop~shop.svc.cluster.local`;
  const node: ProxyNode = { id, cluster: "", envoyVersion: "", traits };
  const connected = snapshot.connect(node, { trustDomain: "cluster.local", namespace: "shop", serviceAccount });
  assert.ok(connected.kind === "accepted");
  return connected;
}

/** Types of which two views show different resources. */
function changedTypes(before: ProxyView, after: ProxyView): readonly string[] {
  return Object.entries(typeUrls).flatMap(([type, url]) => (before.get(url) === after.get(url) ? [] : [type]));
}

/** Applies a change to a running mesh; says what the proxy of pod `a` is told, and how often. */
function effect(change: (snapshot: Snapshot) => void): { types: readonly string[]; told: number } {
  const { snapshot, timers } = mesh();
  const proxy = connect(snapshot, "a");
  const before = proxy.current();
  let told = 0;
  proxy.onChange(() => (told += 1));
  change(snapshot);
  timers.passTo(3000);
  return { types: changedTypes(before, proxy.current()), told };
}

describe("a snapshot", () => {
  test("serves nobody before it is started", () => {
    const snapshot = new Snapshot();
    snapshot.setWorkload("shop/a", workload("a", "web"));
    const node: ProxyNode = {
      id: "sidecar~198.18.128.2~a.shop~shop.svc.cluster.local",
      cluster: "",
      envoyVersion: "",
      traits: plain,
    };
    const peer = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };
    const answer = snapshot.connect(node, peer);
    assert.ok(answer.kind === "refused");
    assert.equal(answer.code, "unavailable");
  });

  test("shows the same to proxies that see the same, and shares what others see too", () => {
    const { snapshot } = mesh();
    const [a, b, d] = [connect(snapshot, "a"), connect(snapshot, "b"), connect(snapshot, "d", "db")];
    assert.equal(a.current(), b.current());
    assert.equal(a.current().get(typeUrls.endpoint), d.current().get(typeUrls.endpoint));
    assert.equal(a.current().get(typeUrls.route), d.current().get(typeUrls.route));
  });

  test("tells of names only those who answer them, and shares the rest with them", () => {
    const { snapshot } = mesh();
    const [a, b, d] = [
      connect(snapshot, "a"),
      connect(snapshot, "b", "web", named),
      connect(snapshot, "d", "db", named),
    ];
    const dnsTable = (proxy: Accepted) => proxy.current().get(typeUrls.listener)?.get("dnsTable");
    assert.equal(dnsTable(a), undefined);
    assert.notEqual(dnsTable(b), undefined);
    assert.equal(dnsTable(b), dnsTable(d));
    assert.equal(a.current().get(typeUrls.cluster), b.current().get(typeUrls.cluster));
  });

  test("tells of names on a kernel without IPv6 too, where no listener is on IPv6", () => {
    const { snapshot, timers } = mesh();
    const addressing = { kind: "virtual", addresses: ["198.19.0.20", "2001:db8::20"] } as const;
    snapshot.setService("shop/log", { ...service("log", "tcp", 514), addressing });
    timers.passTo(3000);
    const listeners = (pod: string, traits: ProxyTraits) =>
      connect(snapshot, pod, "web", traits).current().get(typeUrls.listener);
    const [dual, ipv4] = [listeners("a", named), listeners("b", { ...named, ipStack: "ipv4" })];
    assert.equal(ipv4?.get("dnsTable"), dual?.get("dnsTable"));
    const onIpv6 = (seen = dual) => [...(seen?.keys() ?? [])].filter((name) => name.includes("2001:db8"));
    assert.equal(onIpv6().length, 1);
    assert.deepEqual(onIpv6(ipv4), []);
  });

  test("tells of names again when one comes or goes, and not when a port does", () => {
    const { snapshot, timers } = mesh();
    const proxy = connect(snapshot, "a", "web", named);
    const dnsTable = () => proxy.current().get(typeUrls.listener)?.get("dnsTable");
    const stop = proxy.onChange(() => undefined);
    const before = dnsTable();
    snapshot.setService("shop/db", { ...service("db"), ports: [] });
    timers.passTo(3000);
    assert.equal(dnsTable(), before);
    snapshot.setService("shop/db", undefined);
    timers.passTo(6000);
    assert.notEqual(dnsTable()?.version, before?.version);
    stop();
  });

  test("takes a pod of the same name and another account for another pod", () => {
    const { snapshot, timers } = mesh();
    const old = connect(snapshot, "a");
    const before = old.current();
    const stop = old.onChange(() => undefined);
    snapshot.setWorkload("shop/a", { ...workload("a", "db"), uid: "later" });
    timers.passTo(3000);
    assert.deepEqual(changedTypes(before, old.current()), ["endpoint"]);
    assert.equal(before.get(typeUrls.listener), old.current().get(typeUrls.listener));
    assert.throws(() => connect(snapshot, "a"));
    assert.equal(connect(snapshot, "a", "db").current().get(typeUrls.secret), before.get(typeUrls.secret));
    stop();
  });

  test("knows an address as that of the pod that has it now", () => {
    const { snapshot, timers } = mesh();
    const proxy = connect(snapshot, "d", "db");
    const stop = proxy.onChange(() => undefined);
    const passthrough = () => proxy.current().get(typeUrls.cluster)?.get("PassthroughCluster")?.version;
    const meshed = passthrough();
    snapshot.setWorkload("shop/a", { ...workload("a", "web"), isTerminating: true });
    timers.passTo(3000);
    assert.equal(passthrough(), meshed);
    const { addresses } = workload("a", "web");
    snapshot.setWorkload("shop/plain", { ...workload("plain", "plain"), isMeshed: false, addresses });
    timers.passTo(6000);
    assert.notEqual(passthrough(), meshed);
    stop();
  });

  const effects: Record<string, { change: (snapshot: Snapshot) => void; types: readonly string[] }> = {
    "tells of a lost endpoint by endpoints only": {
      change: (snapshot) => snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a"])),
      types: ["endpoint"],
    },
    "takes a terminating pod away before its slice changes": {
      change: (snapshot) => snapshot.setWorkload("shop/b", { ...workload("b", "web"), isTerminating: true }),
      types: ["endpoint"],
    },
    "tells of the address of a pod with a sidecar by clusters only": {
      change: (snapshot) => snapshot.setWorkload("shop/x", workload("x", "job")),
      types: ["cluster"],
    },
    "tells of an account that is new to a Service together with its endpoint": {
      change: (snapshot) => {
        snapshot.setWorkload("shop/e", { ...workload("e", "db"), serviceAccount: "db-v2" });
        snapshot.setEndpointSlice("shop/db-1", slice("db-1", "db", ["d", "e"]));
      },
      types: ["cluster", "endpoint"],
    },
    "tells of a new Service by all that leads to it": {
      change: (snapshot) => snapshot.setService("shop/new", service("new")),
      types: ["cluster", "endpoint", "route"],
    },
    "tells of a Service on a new port by its listener too": {
      change: (snapshot) => snapshot.setService("shop/new", service("new", "tcp", 5432)),
      types: ["cluster", "endpoint", "listener"],
    },
    "tells of a Service that is gone": {
      change: (snapshot) => snapshot.setService("shop/db", undefined),
      types: ["cluster", "endpoint", "route"],
    },
    "tells of strict mTLS by listeners only": {
      change: (snapshot) => snapshot.setSettings({ ...settings, mtls: "strict" }),
      types: ["listener"],
    },
    "tells the pods of a policy by their listeners only": {
      change: (snapshot) => snapshot.setPeerAuthentication("shop/web", policy("web", "strict")),
      types: ["listener"],
    },
    "tells the clients of pods that are to be sent plaintext": {
      change: (snapshot) => snapshot.setPeerAuthentication("shop/db", policy("db", "disabled")),
      types: ["cluster", "endpoint"],
    },
    "tells of new roots by the secret only": {
      change: (snapshot) => snapshot.setTrustBundle("other roots"),
      types: ["secret"],
    },
    "tells a pod of what its own labels change": {
      change: (snapshot) => snapshot.setWorkload("shop/a", { ...workload("a", "web"), labels: { app: "other" } }),
      types: ["cluster", "listener"],
    },
  };
  for (const [name, { change, types }] of Object.entries(effects)) {
    test(name, () => assert.deepEqual(effect(change), { types, told: 1 }));
  }

  const silent: Record<string, (snapshot: Snapshot) => void> = {
    "says nothing about what stays as it is": (snapshot) => {
      snapshot.setService("shop/web", service("web"));
      snapshot.setWorkload("shop/a", workload("a", "web"));
      snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a", "b"]));
      snapshot.setSettings({ ...settings });
    },
    "says nothing about pods that serve nothing and have no sidecar": (snapshot) =>
      snapshot.setWorkload("shop/x", { ...workload("x", "job"), isMeshed: false }),
    "says nothing to others about a policy that changes nothing for clients": (snapshot) =>
      snapshot.setPeerAuthentication("shop/db", policy("db", "strict")),
    "says nothing about a change that is taken back at once": (snapshot) => {
      snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", []));
      snapshot.setEndpointSlice("shop/web-1", slice("web-1", "web", ["a", "b"]));
    },
  };
  for (const [name, change] of Object.entries(silent)) {
    test(name, () => assert.deepEqual(effect(change), { types: [], told: 0 }));
  }

  test("shows endpoints within a tenth of a second, also while they change without end", () => {
    const { snapshot, timers } = mesh();
    const proxy = connect(snapshot, "a");
    const toldAtMs: number[] = [];
    proxy.onChange(() => toldAtMs.push(timers.now()));
    // Each time another pod: what is as it was before is told to nobody.
    for (let change = 0; change < 40; change += 1) {
      timers.passTo(1_000 + change * 50);
      const pod = "defghijklm".charAt(change % 10);
      snapshot.setWorkload(`shop/${pod}`, workload(pod, "db"));
      snapshot.setEndpointSlice("shop/db-1", slice("db-1", "db", [pod]));
    }
    const waitsMs = toldAtMs.map((ms, index) => ms - (toldAtMs[index - 1] ?? 1_000));
    assert.ok(toldAtMs.length >= 10 && Math.max(...waitsMs) <= 200, String(toldAtMs));
  });

  test("keeps serving a proxy whose pod is gone", () => {
    const { snapshot, timers } = mesh();
    const proxy = connect(snapshot, "a");
    const before = proxy.current();
    proxy.onChange(() => undefined);
    snapshot.setWorkload("shop/a", undefined);
    timers.passTo(3000);
    assert.deepEqual(changedTypes(before, proxy.current()), ["cluster", "endpoint"]);
  });

  test("says of each resource of which objects it was made", () => {
    const { snapshot } = mesh();
    const view = connect(snapshot, "a").current();
    const origins = (type: keyof typeof typeUrls, name: string) =>
      view
        .get(typeUrls[type])
        ?.get(name)
        ?.origins.map(({ kind, namespace, name: origin }) => `${kind} ${namespace}/${origin}`);
    const [web, db] = ["Service shop/web", "Service shop/db"];
    assert.deepEqual(origins("cluster", "outbound|80||db.shop.svc.cluster.local"), [db]);
    assert.deepEqual(origins("endpoint", "outbound|80||db.shop.svc.cluster.local"), [db]);
    assert.deepEqual(origins("route", "80"), [db, web]);
    assert.deepEqual(origins("listener", "0.0.0.0_80"), [db, web]);
    assert.deepEqual(origins("listener", "virtualInbound"), [web]);
    assert.deepEqual(origins("cluster", "inbound|8080||"), [web]);
    assert.deepEqual(origins("listener", "virtualOutbound"), []);
    assert.deepEqual(origins("cluster", "PassthroughCluster"), []);
    assert.deepEqual(origins("secret", "ROOTCA"), []);
  });

  test("says of what several are made of who is behind it now, without another version", () => {
    const { snapshot, timers } = mesh();
    const proxy = connect(snapshot, "a");
    const listener = () => proxy.current().get(typeUrls.listener)?.get("0.0.0.0_80");
    const stop = proxy.onChange(() => undefined);
    const before = listener();
    snapshot.setService("shop/new", service("new"));
    timers.passTo(3000);
    assert.equal(listener(), before);
    assert.deepEqual(
      listener()?.origins.map(({ name }) => name),
      ["db", "new", "web"],
    );
    assert.equal(listener()?.origins, listener()?.origins, "asked for each proxy, and made for each");
    stop();
  });

  test("says of an inbound listener which policies decide what it accepts", () => {
    const { snapshot, timers } = mesh();
    const mode = "strict";
    const createdAt = "2026-01-01T00:00:00Z";
    snapshot.setPeerAuthentication("shop/web", policy("web", mode));
    snapshot.setPeerAuthentication("shop/db", policy("db", mode));
    snapshot.setPeerAuthentication("mesh-system/all", { name: "all", createdAt, scope: { kind: "mesh" }, mode });
    timers.passTo(3000);
    const origins = connect(snapshot, "a").current().get(typeUrls.listener)?.get("virtualInbound")?.origins ?? [];
    assert.deepEqual(
      origins.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
      ["PeerAuthentication mesh-system/all", "PeerAuthentication shop/web", "Service shop/web"],
    );
  });

  test("tells nobody who has left", () => {
    const { snapshot } = mesh();
    let told = 0;
    connect(snapshot, "a").onChange(() => (told += 1))();
    snapshot.setTrustBundle("other roots");
    assert.equal(told, 0);
  });
});
