import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ports } from "@meshwright/contract/ports";
import { addresses, clusterIps, ipv6ClusterIps, ipv6OnlyClusterIps } from "../bed/addresses.ts";
import type { Order } from "./application.ts";
import { type DnsBed, nameserverAddresses, otherAddress, startDnsBed } from "./bed.ts";
import { manyAddresses } from "./nameserver.ts";
import { lookup, query } from "./orders.ts";

// The product's own rules, bootstrap, control plane and proxy module, with a real Envoy, a real nameserver and the C library.

let bed: DnsBed;
before(async () => {
  bed = await startDnsBed("ipv4");
});
after(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.nameserver.forget());

const answer = (order: Order): Promise<readonly unknown[]> => bed.answer(order);

/** A plain query of type A, as hexadecimal. */
function datagram(name: string): string {
  const labels = name
    .split(".")
    .map((label) => `${Buffer.from([label.length]).toString("hex")}${Buffer.from(label).toString("hex")}`);
  return `123401000001000000000000${labels.join("")}0000010001`;
}

describe("a Service is found without the nameserver", () => {
  const names = [
    "web",
    "web.shop",
    "web.shop.svc",
    "web.shop.svc.cluster.local",
    "web.shop.svc.cluster.local.",
    "WEB.Shop",
  ];
  for (const name of names)
    test(`as "${name}"`, async () => {
      assert.deepEqual(new Set(await answer(lookup(name))), new Set([clusterIps.web, ipv6ClusterIps.web]));
      assert.deepEqual(bed.nameserver.questions(), []);
    });

  const families: Record<string, { order: Order; answer: readonly unknown[] }> = {
    "by IPv4 where it has both": { order: query("A", "web.shop.svc.cluster.local"), answer: [clusterIps.web] },
    "by IPv6 where it has both": { order: query("AAAA", "web.shop.svc.cluster.local"), answer: [ipv6ClusterIps.web] },
    "by IPv6 where it has no other": { order: lookup("web6"), answer: [ipv6OnlyClusterIps.web] },
    "where it has no address of the family that was asked for": {
      order: query("A", "web6.shop.svc.cluster.local"),
      answer: ["ENODATA"],
    },
  };
  for (const [name, { order, answer: want }] of Object.entries(families))
    test(name, async () => {
      assert.deepEqual(await answer(order), want);
      assert.deepEqual(bed.nameserver.questions(), []);
    });

  test("from the moment that it exists until it is gone", async () => {
    const addressing = { kind: "virtual", addresses: ["198.19.240.99"] } as const;
    const service = { namespace: "shop", name: "fresh", addressing, ports: [], selector: {} };
    const fresh = query("A", "fresh.shop.svc.cluster.local");
    bed.snapshot.setService("shop/fresh", service);
    await seen(fresh, ["198.19.240.99"]);
    assert.deepEqual(await answer(query("AAAA", "fresh.shop.svc.cluster.local")), ["ENODATA"]);
    bed.snapshot.setService("shop/fresh", undefined);
    await seen(fresh, ["ENOTFOUND"]);
  });
});

describe("the nameserver says", () => {
  const cases: Record<string, { order: Order; answer: readonly unknown[] }> = {
    "the addresses of a headless Service": { order: lookup("peers"), answer: [addresses.web] },
    "the address of a pod of a headless Service": { order: lookup("web-0.peers"), answer: [addresses.web] },
    "where an ExternalName leads": { order: lookup("partner"), answer: [otherAddress] },
    "the alias itself": { order: query("CNAME", "partner.shop.svc.cluster.local"), answer: ["outside.example"] },
    "the address of a name outside": { order: lookup("outside.example."), answer: [otherAddress] },
    "that there is no such name": { order: lookup("nowhere.example."), answer: ["ENOTFOUND"] },
    "that a name has no address of a family": { order: query("AAAA", "outside.example"), answer: ["ENODATA"] },
    "an IPv6 address": { order: query("AAAA", "v6.example"), answer: ["2001:db8::1"] },
    "for how long an answer holds": { order: { kind: "ttl", name: "outside.example" }, answer: [77] },
    "a text": { order: query("TXT", "outside.example"), answer: [["v=spf1 -all"]] },
    "a text of a Service's own name": {
      order: query("TXT", "web.shop.svc.cluster.local"),
      answer: [["of the Service"]],
    },
    "a mail server": {
      order: query("MX", "outside.example"),
      answer: [{ exchange: "mail.outside.example", priority: 10, type: "MX" }],
    },
    "the name of an address": { order: query("PTR", "1.241.18.198.in-addr.arpa"), answer: ["outside.example"] },
    "the port of a Service": {
      order: query("SRV", "_http._tcp.web.shop.svc.cluster.local"),
      answer: [{ name: "web.shop.svc.cluster.local", port: 80, priority: 0, weight: 100, type: "SRV" }],
    },
  };
  for (const [name, { order, answer: want }] of Object.entries(cases))
    test(name, async () => assert.deepEqual(await answer(order), want));

  test("by TCP what is too large for UDP, whole", async () => {
    const got = await answer(query("A", "many.example"));
    assert.deepEqual(new Set(got), new Set(manyAddresses));
    assert.deepEqual(bed.nameserver.questions(), ["A many.example", "A many.example"]);
  });
});

describe("left alone is", () => {
  /** Who asked, as the server outside saw it, beside the port from which the application did. */
  const portsSeen = async (port: number): Promise<{ own: unknown; seen: unknown }> => {
    const [own, reply] = await answer({ kind: "datagrams", host: otherAddress, port, hex: ["00"] });
    const { from } = JSON.parse(Buffer.from(String(reply), "hex").toString()) as { from: string };
    return { own: `${addresses.client}:${String(own)}`, seen: from };
  };

  test("UDP to any other port", async () => {
    const { own, seen: from } = await portsSeen(5300);
    assert.equal(from, own);
  });

  test("a query to any other nameserver", async () => {
    const { own, seen: from } = await portsSeen(53);
    assert.equal(from, own);
  });

  test("a query of the proxy's own", async () => {
    const result = await bed.proxy(query("A", "web.shop.svc.cluster.local"));
    // The nameserver knows the name, and no address of it.
    assert.equal(result.kind === "failed" && result.code, "ENODATA");
    assert.deepEqual(bed.nameserver.questions(), ["A web.shop.svc.cluster.local"]);
  });
});

test("Services that come and go do not cost a lookup", async () => {
  const names = ["web.shop.svc.cluster.local", "outside.example"];
  const load = bed.application({ kind: "repeat", names, durationMs: 6_000 });
  for (let change = 0; change < 40; change++) {
    const addressing = { kind: "virtual", addresses: [`198.19.241.${change}`] } as const;
    const service = { namespace: "shop", name: `s${change}`, addressing, ports: [], selector: {} };
    bed.snapshot.setService(`shop/s${change}`, service);
    await sleep(100);
  }
  const result = await load;
  assert.ok(result.kind === "answer");
  const [lookups, failures] = result.values;
  assert.deepEqual(failures, []);
  assert.ok(Number(lookups) > 1_000, `only ${String(lookups)} lookups`);
  await seen(query("A", "s39.shop.svc.cluster.local"), ["198.19.241.39"]);
});

test("whatever an application sends does the sidecar no harm", async () => {
  const plain = datagram("web.shop.svc.cluster.local");
  const cut = Array.from({ length: plain.length / 2 }, (_, index) => plain.slice(0, 2 * index));
  const bent = Array.from({ length: 4_000 }, (_, index) => bend(plain, index));
  const noise = Array.from({ length: 1_000 }, (_, index) => randomBytes(index % 600).toString("hex"));
  for (const hex of [cut, bent, noise])
    await answer({ kind: "datagrams", host: nameserverAddresses.ipv4, port: 53, hex });
  assert.deepEqual(await answer(lookup("web", 4)), [clusterIps.web]);
  // It is the same process: one that had crashed would not be there again.
  process.kill(bed.envoy.pid, 0);
});

describe("while the nameserver is down", () => {
  before(() => bed.nameserver.stop());
  after(() => bed.nameserver.start());

  for (const name of ["web", "web.shop", "web.shop.svc", "web.shop.svc.cluster.local"])
    test(`a Service is found as "${name}", at once`, async () => {
      const result = await bed.application(lookup(name));
      const values = result.kind === "answer" ? result.values : [result.code];
      assert.deepEqual(new Set(values), new Set([clusterIps.web, ipv6ClusterIps.web]));
      assert.ok(result.tookMs < 500, `took ${result.tookMs} ms`);
    });

  test("another name fails for now, and is not said to be none", async () => {
    assert.deepEqual(await answer(lookup("outside.example.")), ["EAI_AGAIN"]);
    assert.deepEqual(await answer(query("TXT", "outside.example")), ["ETIMEOUT"]);
  });

  test("it is asked again as soon as it is back", async () => {
    await bed.nameserver.start();
    assert.deepEqual(await answer(lookup("outside.example.")), [otherAddress]);
    await bed.nameserver.stop();
  });
});

test("the port at which the sidecar answers is closed to other pods", async () => {
  const address = addresses.client;
  const outcome = await bed.outside({
    kind: "datagrams",
    host: address,
    port: ports.dns,
    hex: [datagram("web.shop.svc.cluster.local")],
  });
  assert.deepEqual(outcome.kind === "answer" && outcome.values.slice(1), []);
});

/** Asks until the answer is the wanted one. */
async function seen(order: Order, want: readonly unknown[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  let got = await answer(order);
  while (JSON.stringify(got) !== JSON.stringify(want) && performance.now() < deadline) got = await answer(order);
  assert.deepEqual(got, want);
}

/** Changes one byte of a datagram. */
function bend(hex: string, seed: number): string {
  const bytes = Buffer.from(hex, "hex");
  bytes[seed % bytes.length] = (seed * 2_654_435_761) >>> 24;
  return bytes.toString("hex");
}
