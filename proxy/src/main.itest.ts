import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
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

const deadlineMs = 15_000;

let kubeletDir: string;
let port: number;
let agent: ChildProcess;

beforeEach(async () => {
  kubeletDir = mkdtempSync(join(tmpdir(), "kubelet-"));
  port = await freePort();
  const flags = ["--kubelet-dir", kubeletDir, "--monitoring-port", String(port), "--cni-socket", cniSocket()];
  const env = { ...process.env, NODE_NAME: "node1", POD_NAMESPACE: "mesh-system" };
  agent = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...flags], { env, stdio: "ignore" });
});

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

test("the agent serves the CNI plugin", async () => {
  await readiness(/^503 /);
  const plugin = connect(cniSocket());
  plugin.write("REDIRECT 5c0d /run/netns/none\n");
  assert.match(await text(plugin), /^cannot redirect Pod with UID "5c0d": 0 volumes of /);
});
