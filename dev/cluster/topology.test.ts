import assert from "node:assert/strict";
import { BlockList, isIPv6 } from "node:net";
import { describe, test } from "node:test";
import { nodesOf, topology } from "./topology.ts";

function range(cidr: string): BlockList {
  const [network = "", prefix = ""] = cidr.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), familyOf(network));
  return list;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

const firstAddress = (cidr: string): string => cidr.split("/")[0] ?? "";

const nodes = nodesOf(topology.maximumNodes, true);
const unrouted = { ipv4: "198.18.0.0/15", ipv6: "2001:db8::/32" } as const;

for (const family of ["ipv4", "ipv6"] as const)
  describe(`over ${family}`, () => {
    const { machineAddress, podRange, serviceRange, apiServiceAddress } = topology.families[family];
    const addresses = nodes.flatMap((node) => node.addresses.filter((address) => address.family === family));

    test("every address is of a range that no network routes", () => {
      const ranges = [...addresses.map((node) => node.podRange), podRange, serviceRange].map(firstAddress);
      const all = [...addresses.map(({ address }) => address), ...ranges, machineAddress, apiServiceAddress];
      for (const address of all) assert.ok(range(unrouted[family]).check(address, family), address);
    });

    test("pod ranges are of the cluster's range and apart from each other", () => {
      const pods = addresses.map((node) => node.podRange);
      assert.equal(pods.length, topology.maximumNodes);
      for (const cidr of pods) {
        assert.ok(range(podRange).check(firstAddress(cidr), family), cidr);
        const others = pods.filter((other) => other !== cidr);
        assert.ok(
          others.every((other) => !range(other).check(firstAddress(cidr), family)),
          cidr,
        );
      }
    });
  });

test("cluster DNS has a Service address of the first family", () => {
  assert.ok(range(topology.families.ipv4.serviceRange).check(topology.dnsAddress));
});

test("names of links fit into Linux's 15 characters", () => {
  const links = nodes.map((node) => node.lanLink);
  for (const link of [...links, topology.machineLink, topology.bridge]) assert.ok(link.length <= 15, link);
});
