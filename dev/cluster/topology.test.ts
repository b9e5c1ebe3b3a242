import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { test } from "node:test";
import { nodesOf, topology } from "./topology.ts";

function range(cidr: string): BlockList {
  const [network = "", prefix = ""] = cidr.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(prefix));
  return list;
}

const firstAddress = (cidr: string): string => cidr.split("/")[0] ?? "";

test("every address is of the benchmark range, which no network routes", () => {
  const benchmark = range("198.18.0.0/15");
  const nodes = nodesOf(topology.maximumNodes);
  const pods = nodes.map((node) => firstAddress(node.podRange));
  const others = [topology.machineAddress, topology.dnsAddress, firstAddress(topology.serviceRange)];
  for (const address of [...nodes.map((node) => node.address), ...pods, ...others])
    assert.ok(benchmark.check(address), address);
});

test("pod ranges are of the cluster's range and apart from each other", () => {
  const pods = nodesOf(topology.maximumNodes).map((node) => node.podRange);
  for (const cidr of pods) {
    assert.ok(range(topology.podRange).check(firstAddress(cidr)), cidr);
    const others = pods.filter((other) => other !== cidr);
    assert.ok(
      others.every((other) => !range(other).check(firstAddress(cidr))),
      cidr,
    );
  }
});

test("names of links fit into Linux's 15 characters", () => {
  const links = nodesOf(topology.maximumNodes).map((node) => node.lanLink);
  for (const link of [...links, topology.machineLink, topology.bridge]) assert.ok(link.length <= 15, link);
});
