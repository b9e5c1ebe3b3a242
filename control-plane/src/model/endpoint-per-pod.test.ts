import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endpointPerPod, type Reached } from "./endpoint-per-pod.ts";

const ipv4 = "198.18.128.10";
const ipv6 = "2001:db8:18:100::10";

function reached(key: string, address: string, over: Partial<Reached> = {}): Reached {
  return { key, address, port: 80, isMeshed: true, zone: "", owner: { kind: "unknown" }, ...over };
}

describe("a pod that slices of both families name", () => {
  const both = [reached("shop/web", ipv6), reached("shop/web", ipv4)];

  const cases: Record<string, { preferred?: string; first: string; second: string }> = {
    "is tried over IPv4 first where nothing was said": { first: ipv4, second: ipv6 },
    "is tried over IPv4 first by a Service whose first address is IPv4": {
      preferred: "198.19.0.1",
      first: ipv4,
      second: ipv6,
    },
    "is tried over IPv6 first by a Service whose first address is IPv6": {
      preferred: "2001:db8:19::1",
      first: ipv6,
      second: ipv4,
    },
  };
  for (const [name, { preferred, first, second }] of Object.entries(cases))
    test(name, () => {
      const endpoint = {
        address: first,
        otherAddresses: [second],
        port: 80,
        isMeshed: true,
        zone: "",
        owner: { kind: "unknown" },
      };
      assert.deepEqual(endpointPerPod(both, preferred), [endpoint]);
      assert.deepEqual(endpointPerPod(both.toReversed(), preferred), [endpoint]);
    });

  test("counts as often as one that a single slice names", () => {
    const endpoints = endpointPerPod([...both, reached("shop/other", "198.18.128.11")]);
    assert.deepEqual(
      endpoints.map(({ address }) => address),
      [ipv4, "198.18.128.11"],
    );
  });

  test("is an endpoint for each of its ports", () => {
    const ports = endpointPerPod([...both, reached("shop/web", ipv4, { port: 81 })]);
    assert.deepEqual(
      ports.map(({ port, otherAddresses }) => [port, otherAddresses.length]),
      [
        [80, 1],
        [81, 0],
      ],
    );
  });
});

test("a pod that two slices of one family name, as while it moves, has one address", () => {
  const [endpoint, ...others] = endpointPerPod([reached("shop/web", ipv4), reached("shop/web", ipv4, { zone: "b" })]);
  assert.deepEqual([endpoint?.otherAddresses, others], [[], []]);
});

test("an address that someone wrote by hand beside its pod counts once", () => {
  const byHand = reached(ipv4, ipv4, { isMeshed: false });
  assert.equal(endpointPerPod([reached("shop/web", ipv4), byHand]).length, 1);
});

test("of two families those without a pod are endpoints of their own", () => {
  assert.equal(endpointPerPod([reached(ipv4, ipv4), reached(ipv6, ipv6)]).length, 2);
});
