import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, isIPv6 } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { attempt, run } from "../command/run.ts";
import { until } from "../command/until.ts";
import { whyNoIpv6 } from "./ipv6.ts";
import { kubectl } from "./kubectl.ts";
import { leftBehind } from "./left-behind.ts";
import { type MachineState, machineState } from "./machine-state.ts";
import { nodeInit } from "./node-shell.ts";
import { inside } from "./process.ts";
import { readCluster, recordCluster } from "./record.ts";
import { type Node, nodesOf } from "./topology.ts";

/**
 * Takes the machine's cluster down and up again, several times: node --test dev/cluster/cluster.e2e.ts
 * Each case begins with a whole cluster of two nodes.
 */
const main = join(import.meta.dirname, "main.ts");
const nodes = nodesOf(2, (await whyNoIpv6()) === undefined);
const [first, second] = nodes;
assert.ok(first !== undefined && second !== undefined);

const command = (verb: string): Promise<string> => run(process.execPath, [main, verb], { env: { NODES: "2" } });

async function isWhole(): Promise<boolean> {
  return (await attempt(process.execPath, [main, "status"])).code === 0;
}

/** What has come up may be not ready for a moment, as Kubernetes' parts are; what stays so is told. */
async function untilWhole(): Promise<void> {
  let said = "";
  const isSo = async (): Promise<boolean> => {
    const { code, stdout, stderr } = await attempt(process.execPath, [main, "status"]);
    said = stdout + stderr;
    return code === 0;
  };
  await until("the cluster to be whole", 30_000, isSo).catch((error: unknown) =>
    assert.fail(`${String(error)}: ${said}`),
  );
}

/** Errors: rejects when nobody takes the connection. */
async function reach(target: { readonly host: string; readonly port: number }): Promise<void> {
  const socket = connect({ ...target, signal: AbortSignal.timeout(5_000) });
  await once(socket, "connect");
  socket.destroy();
}

function init(node: Node): number {
  const pid = nodeInit(node);
  assert.ok(pid !== undefined, `${node.name} is not running`);
  return pid;
}

describe("the development cluster", { concurrency: false }, () => {
  let clean: MachineState;
  before(async () => {
    await command("down");
    clean = await machineState();
    await command("up");
  });
  after(() => command("down"));

  test("comes up with two nodes, and cluster DNS", async () => {
    assert.equal((await kubectl(["get", "nodes", "-o", "name"])).trim(), "node/node1\nnode/node2");
    await untilWhole();
  });

  test("gives each node and pod an address of every family", async () => {
    const families = nodes.map(({ addresses }) => addresses.map(({ family }) => family));
    const ofNodes = await kubectl(["get", "nodes", "-o", "jsonpath={.items[*].status.addresses}"]);
    for (const { address } of nodes.flatMap(({ addresses }) => addresses)) assert.ok(ofNodes.includes(`"${address}"`));
    const path = "jsonpath={range .items[0].status.podIPs[*]}{.ip}{' '}{end}";
    const ofPod = (await kubectl(["get", "pods", "-n", "kube-system", "-o", path])).trim().split(" ");
    assert.deepEqual(
      ofPod.map((address) => (isIPv6(address) ? "ipv6" : "ipv4")),
      families[0],
    );
    // CoreDNS listens on every address of its pod, and the machine has a route to each.
    for (const host of ofPod) await reach({ host, port: 8181 });
  });

  test("is left alone by another up, which takes less than 3 seconds", async () => {
    const inits = nodes.map(init);
    const begin = performance.now();
    await command("up");
    assert.ok(performance.now() - begin < 3000);
    assert.deepEqual(nodes.map(init), inits);
  });

  test("is left alone by an up without NODES", async () => {
    const inits = nodes.map(init);
    await run(process.execPath, [main, "up"], { env: { NODES: "" } });
    assert.deepEqual(nodes.map(init), inits);
  });

  const wounds: Readonly<Record<string, () => Promise<unknown>>> = {
    "a component that was killed": () => inside(first, ["sh", "-c", "kill -9 $(cat /run/etcd.pid)"]),
    "a node that was killed": async () => process.kill(init(second), "SIGKILL"),
    "a namespace whose name was removed while its processes live": () =>
      run("ip", ["netns", "delete", second.namespace]),
    "a link that was removed": () => run("ip", ["link", "delete", "mw-machine"]),
    "a cluster that another checkout made": async () => {
      const found = readCluster();
      assert.ok(found !== undefined);
      await recordCluster({ ...found, checkout: "/elsewhere" });
    },
    "a record that is not one": () => run("sh", ["-c", "echo '{' > /run/meshwright/cluster.json"]),
  };
  for (const [name, wound] of Object.entries(wounds)) {
    test(`up makes a whole cluster of ${name}`, async () => {
      await wound();
      await command("up");
      await untilWhole();
    });
  }

  test("a stopped API server is started again, with what it knew", async () => {
    await kubectl(["create", "configmap", "kept"]);
    await run(process.execPath, [main, "stop", "apiserver"]);
    assert.ok(!(await isWhole()));
    await run(process.execPath, [main, "start", "apiserver"]);
    assert.equal((await kubectl(["get", "configmap", "kept", "-o", "name"])).trim(), "configmap/kept");
  });

  test("a failed start names the component and shows the end of its log", async () => {
    await run(process.execPath, [main, "stop", "etcd"]);
    const data = join(import.meta.dirname, "..", "..", ".cluster", "node1", "etcd");
    await run("sh", ["-c", `rm -rf '${data}' && echo occupied > '${data}'`]);
    const { code, stderr } = await attempt(process.execPath, [main, "start", "etcd"]);
    assert.equal(code, 1);
    assert.match(stderr, /cannot start etcd on node1: .*etcd\.log/);
    await run("rm", [data]);
  });

  test("comes up with IPv4 alone, and says so, where the kernel has no NAT for IPv6", async () => {
    const folder = mkdtempSync(join(tmpdir(), "no-ip6tables-"));
    writeFileSync(join(folder, "ip6tables"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const said = await run(process.execPath, [main, "up"], {
      env: { NODES: "2", PATH: `${folder}:${process.env["PATH"]}` },
    });
    rmSync(folder, { recursive: true });
    assert.match(said, /the cluster has IPv4 alone: this machine's kernel has no NAT for IPv6/);
    const addresses = await kubectl(["get", "nodes", "-o", "jsonpath={.items[*].status.addresses}"]);
    assert.match(addresses, /"198\.18\.0\.2"/);
    assert.doesNotMatch(addresses, /2001:/);
    assert.match(await run(process.execPath, [main, "status"]), /2 node\(s\), IPv4 alone/);
  });

  test("down leaves nothing behind, and twice is not an error", async () => {
    await command("up");
    await command("down");
    await command("down");
    assert.deepEqual(leftBehind(clean, await machineState()), {});
    assert.ok(!readFileSync("/proc/self/mounts", "utf8").includes("meshwright"));
  });
});
