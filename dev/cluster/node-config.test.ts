import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { dnsManifest } from "./dns-manifest.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { nodeConfig } from "./node-config.ts";
import { nodePaths } from "./paths.ts";
import { nodesOf } from "./topology.ts";

const [, second] = nodesOf(2, true);
const [, ipv4Only] = nodesOf(2, false);
assert.ok(second !== undefined && ipv4Only !== undefined);
const files = nodeConfig(second, nodePaths(second.name, "/state"));

test("kubelet keeps to the node's own cgroup", () => {
  assert.equal(
    z.looseObject({ cgroupRoot: z.string() }).parse(parse(files["kubelet.yaml"] ?? "")).cgroupRoot,
    "/meshwright/node2",
  );
});

test("pods get addresses of the node's own ranges, and may call themselves through their Service", () => {
  const conflist = files["cni/10-lan.conflist"] ?? "";
  assert.match(conflist, /"subnet": "198\.18\.144\.0\/20"[^]*"subnet": "2001:db8:18:101::\/64"/);
  assert.match(conflist, /"hairpinMode": true/);
});

test("kube-proxy knows the pods of both families as the cluster's own", () => {
  assert.match(files["kube-proxy.yaml"] ?? "", /clusterCIDR: 198\.18\.128\.0\/18,2001:db8:18:100::\/56/);
});

test("without IPv6 no file of a node names an IPv6 address", () => {
  const texts = Object.values(nodeConfig(ipv4Only, nodePaths(ipv4Only.name, "/state")));
  for (const text of texts) assert.doesNotMatch(text, /2001:|::\/0/);
});

test("containerd keeps its data below the node's folder and its sockets in the node's own /run", () => {
  assert.match(files["containerd.toml"] ?? "", /root = "\/state\/node2\/containerd"\nstate = "\/run\/containerd"/);
});

test("every configuration file is the same when it is rendered again", () => {
  assert.deepEqual(nodeConfig(second, nodePaths(second.name, "/state")), files);
});

test("cluster DNS stands at the address that kubelet tells the pods", () => {
  assert.match(files["kubelet.yaml"] ?? "", /clusterDNS:\n {2}- 198\.19\.0\.10/);
  assert.match(dnsManifest(), /clusterIP: 198\.19\.0\.10/);
});

test("a kubeconfig holds its certificates itself", () => {
  const text = kubeconfig("CA", { certificate: "CERT", privateKey: "KEY" });
  assert.match(text, /server: https:\/\/198\.18\.0\.2:6443/);
  for (const content of ["CA", "CERT", "KEY"]) assert.match(text, new RegExp(Buffer.from(content).toString("base64")));
});
