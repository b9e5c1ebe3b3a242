import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { csiDriverName } from "@meshwright/contract/volume";
import { callUnary } from "@meshwright/rpc-api/call-unary";
import { Registration, RegistrationStatusSchema } from "@meshwright/rpc-api/gen/pluginregistration/v1/api_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import { freePort } from "@meshwright/testing/free-port";
import { until } from "@meshwright/testing/until";

const main = join(import.meta.dirname, "main.ts");
const deadlineMs = 15_000;

let kubeletDir: string;
let port: number;
let agent: ChildProcess;
let flags: readonly string[];

beforeEach(async () => {
  kubeletDir = mkdtempSync(join(tmpdir(), "kubelet-"));
  port = await freePort();
  for (const folder of ["bin", "net.d"]) mkdirSync(join(kubeletDir, folder));
  writeFileSync(join(kubeletDir, "meshwright-cni"), "program");
  writeFileSync(conflist(), '{"plugins": [{"type": "bridge"}]}');
  const folders = ["--cni-bin-dir", join(kubeletDir, "bin"), "--cni-conf-dir", join(kubeletDir, "net.d")];
  const cni = ["--cni-program", join(kubeletDir, "meshwright-cni"), ...folders];
  flags = ["--kubelet-dir", kubeletDir, "--monitoring-port", String(port), ...cni];
  agent = start();
});

function start(...more: readonly string[]): ChildProcess {
  const env = { ...process.env, NODE_NAME: "node1", POD_NAMESPACE: "mesh-system" };
  return spawn(process.execPath, [main, ...flags, ...more], { env, stdio: "ignore" });
}

afterEach(() => {
  agent.kill("SIGKILL");
  rmSync(kubeletDir, { recursive: true });
});

/** Asks for readiness until the answer fits. */
async function readiness(wanted: RegExp): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  let last = "";
  while (performance.now() < endMs) {
    last = await fetch(`http://localhost:${port}/ready`).then(
      async (response) => `${response.status} ${await response.text()}`,
      (error: unknown) => String(error),
    );
    if (wanted.test(last)) return;
    await pause(50);
  }
  assert.match(last, wanted);
}

function conflist(): string {
  return join(kubeletDir, "net.d", "10-lan.conflist");
}

function cniSocket(): string {
  return join(kubeletDir, "plugins", csiDriverName, "cni.sock");
}

function socketPaths(): readonly string[] {
  return [
    join(kubeletDir, "plugins", csiDriverName, "csi.sock"),
    join(kubeletDir, "plugins_registry", `${csiDriverName}-reg.sock`),
  ];
}

test("the agent is ready once kubelet has registered it, and ends cleanly when told to", async () => {
  await readiness(/^503 not ready: kubelet has not registered the driver yet/);
  const kubelet = new Client(`unix:${socketPaths()[1]}`, credentials.createInsecure());
  const { notifyRegistrationStatus } = grpcService(Registration);
  await callUnary(kubelet, notifyRegistrationStatus, create(RegistrationStatusSchema, { pluginRegistered: true }));
  kubelet.close();
  await readiness(/^200 /);
  const metrics = await (await fetch(`http://localhost:${port}/metrics`)).text();
  assert.match(metrics, /^meshwright_agent_volumes 0$/m);
  agent.kill("SIGTERM");
  assert.deepEqual(await once(agent, "exit"), [0, null]);
  for (const path of [...socketPaths(), cniSocket()]) assert.equal(existsSync(path), false, path);
});

for (const [owner, path] of Object.entries({ kubelet: () => socketPaths()[0] ?? "", "the CNI plugin": cniSocket }))
  test(`the agent ends, to be started anew, when another one took its socket for ${owner}`, async () => {
    await readiness(/^503 /);
    rmSync(path());
    assert.deepEqual(await once(agent, "exit"), [1, null]);
  });

test("the agent installs the CNI plugin, mends its conflist, and serves it", async () => {
  await readiness(/^503 /);
  const isChained = (): boolean => readFileSync(conflist(), "utf8").includes('"type": "meshwright-cni"');
  await until("the plugin in the conflist", isChained);
  assert.equal(readFileSync(join(kubeletDir, "bin", "meshwright-cni"), "utf8"), "program");
  writeFileSync(conflist(), '{"plugins": [{"type": "ptp"}]}');
  await until("the plugin in the new conflist", isChained);
  const plugin = connect(cniSocket());
  plugin.write("REDIRECT 5c0d /run/netns/none\n");
  assert.match(await text(plugin), /^cannot redirect Pod with UID "5c0d": 0 volumes of /);
});

test("the agent is not ready while the node has no conflist to chain its plugin to, and says so", async () => {
  await readiness(/^503 not ready: kubelet/);
  rmSync(conflist());
  await readiness(/^503 not ready: cannot install CNI plugin in ".*": there is none: want a \*\.conflist/);
  writeFileSync(conflist(), '{"plugins": [{"type": "bridge"}]}');
  await readiness(/^503 not ready: kubelet/);
});

test("the agent takes the CNI plugin away when told to, and not when it only ends", async () => {
  await readiness(/^503 /);
  await until("the plugin in the conflist", () => readFileSync(conflist(), "utf8").includes("meshwright-cni"));
  agent.kill("SIGTERM");
  await once(agent, "exit");
  assert.match(readFileSync(conflist(), "utf8"), /meshwright-cni/);
  agent = start("--cni-remove");
  await readiness(/^503 not ready: kubelet/);
  assert.doesNotMatch(readFileSync(conflist(), "utf8"), /meshwright-cni/);
  assert.deepEqual(readdirSync(join(kubeletDir, "bin")), []);
  assert.equal(existsSync(cniSocket()), false);
});
