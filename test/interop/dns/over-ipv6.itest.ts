import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { addresses, clusterIps, ipv6ClusterIps, ipv6OnlyClusterIps } from "../bed/addresses.ts";
import type { Order } from "./application.ts";
import { type DnsBed, otherAddress, startDnsBed } from "./bed.ts";
import { manyAddresses } from "./nameserver.ts";
import { lookup, query } from "./orders.ts";

// As in a cluster whose DNS has an IPv6 address, the only one that pods are given.

let bed: DnsBed;
before(async () => {
  bed = await startDnsBed("ipv6");
});
after(() => bed[Symbol.asyncDispose]());
beforeEach(() => bed.nameserver.forget());

const web = new Set([clusterIps.web, ipv6ClusterIps.web]);

describe("of a nameserver on IPv6 nothing is asked", () => {
  const cases: Record<string, { order: Order; answer: readonly unknown[] }> = {
    "about a Service of both families": { order: lookup("web"), answer: [...web] },
    "about a Service of IPv6 alone": { order: lookup("web6.shop"), answer: [ipv6OnlyClusterIps.web] },
    "about a family that a Service lacks": {
      order: query("A", "web6.shop.svc.cluster.local"),
      answer: ["ENODATA"],
    },
  };
  for (const [name, { order, answer }] of Object.entries(cases))
    test(name, async () => {
      assert.deepEqual(new Set(await bed.answer(order)), new Set(answer));
      assert.deepEqual(bed.nameserver.questions(), []);
    });
});

describe("a nameserver on IPv6 says", () => {
  const cases: Record<string, { order: Order; answer: readonly unknown[] }> = {
    "the addresses of a headless Service": { order: lookup("peers"), answer: [addresses.web] },
    "the address of a name outside": { order: lookup("outside.example."), answer: [otherAddress] },
    "a text of a Service's own name": {
      order: query("TXT", "web.shop.svc.cluster.local"),
      answer: [["of the Service"]],
    },
  };
  for (const [name, { order, answer }] of Object.entries(cases))
    test(name, async () => assert.deepEqual(await bed.answer(order), answer));

  test("by TCP what is too large for UDP, whole", async () => {
    assert.deepEqual(new Set(await bed.answer(query("A", "many.example"))), new Set(manyAddresses));
  });
});

test("while a nameserver on IPv6 is down, a Service is found, and another name fails for now", async () => {
  await bed.nameserver.stop();
  assert.deepEqual(new Set(await bed.answer(lookup("web"))), web);
  assert.deepEqual(await bed.answer(lookup("outside.example.")), ["EAI_AGAIN"]);
});
