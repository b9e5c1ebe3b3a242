import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { csiDriverName } from "@meshwright/contract/volume";
import { silentLogger } from "@meshwright/log/logger";
import { NativeProgram } from "@meshwright/testing/native-program";
import { NetworkNamespace } from "@meshwright/testing/network-namespace";
import { captureEverything } from "../redirect/capture.ts";
import { renderRuleset } from "../redirect/render.ts";
import { redirectRules } from "../redirect/ruleset.ts";
import { startCniServer } from "./cni-server.ts";

// The real plugin, called as a container runtime calls it, the agent's real socket, and a real network namespace.

const podUid = "5c0d1f4e-2f1b-4c55-9d0c-0d1c1d2b3a4f";
const dir = mkdtempSync(join(tmpdir(), "cni-"));
const built = new NativeProgram();
const plugin = built.path("meshwright-cni");
const socket = join(dir, "cni.sock");
const everything = renderRuleset(redirectRules(captureEverything));
const previous = { cniVersion: "1.0.0", ips: [{ address: "198.18.0.9/24" }], dns: { search: ['a"}]b'] } };

let kubeletDir: string;
let pod: NetworkNamespace;

after(() => {
  built[Symbol.dispose]();
  rmSync(dir, { recursive: true });
});

beforeEach(() => {
  kubeletDir = mkdtempSync(join(dir, "kubelet-"));
  pod = new NetworkNamespace(`mw-cni-${process.pid}`);
});

afterEach(() => pod[Symbol.dispose]());

/** Leaves a volume as kubelet and a driver do. */
function publish(driverName: string, { file = "redirect-cni.nft", rules = everything } = {}): void {
  const volume = join(kubeletDir, "pods", podUid, "volumes", "kubernetes.io~csi", "identity");
  mkdirSync(join(volume, "mount"), { recursive: true });
  const data = { attachmentID: "", driverName, volumeLifecycleMode: "Ephemeral" };
  writeFileSync(join(volume, "vol_data.json"), JSON.stringify(data));
  writeFileSync(join(volume, "mount", file), rules);
}

function serveAgent(): Promise<AsyncDisposable> {
  return startCniServer({ path: socket, kubeletDir, logger: silentLogger });
}

interface Call {
  readonly command?: string;
  readonly args?: string;
  readonly config?: object;
}

/** What the plugin says when a runtime calls it for the pod, behind its exit code. */
async function call({ command = "ADD", args, config = {} }: Call = {}): Promise<string> {
  const env = {
    CNI_COMMAND: command,
    CNI_CONTAINERID: "a1",
    CNI_NETNS: `/run/netns/${pod.name}`,
    CNI_IFNAME: "eth0",
    CNI_ARGS: args ?? `IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;K8S_POD_UID=${podUid}`,
  };
  const child = spawn(plugin, { env, stdio: ["pipe", "pipe", "inherit"] });
  const own = { cniVersion: "1.0.0", name: "lan", type: "meshwright-cni", socket, kubeletDir };
  child.stdin.on("error", () => undefined).end(JSON.stringify({ ...own, prevResult: previous, ...config }));
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return `${code} ${said.trim()}`;
}

function ruleset(): string {
  return execFileSync("nsenter", [`--net=/run/netns/${pod.name}`, "nft", "list", "ruleset"], { encoding: "utf8" });
}

const passed = `0 ${JSON.stringify(previous)}`;

describe("for a meshed pod the plugin", () => {
  test("has its rules loaded and passes the result of the plugin before it through", async () => {
    publish(csiDriverName);
    await using _ = await serveAgent();
    assert.equal(await call(), passed);
    assert.match(ruleset(), /redirect to :15001/);
  });

  test("has its queries for names brought to the sidecar, if it captures them, over both families", async () => {
    const nameservers = ["198.19.0.10", "2001:db8::10"];
    publish(csiDriverName, { rules: renderRuleset(redirectRules({ ...captureEverything, nameservers })) });
    await using _ = await serveAgent();
    assert.equal(await call(), passed);
    for (const to of ["ip daddr 198.19.0.10", "ip6 daddr 2001:db8::10"])
      assert.ok(ruleset().includes(`${to} udp dport 53 redirect to :15053`), ruleset());
  });

  test("repairs at CHECK what somebody took away", async () => {
    publish(csiDriverName);
    await using _ = await serveAgent();
    await call();
    const loaded = ruleset();
    execFileSync("nsenter", [`--net=/run/netns/${pod.name}`, "nft", "flush", "ruleset"]);
    assert.equal(await call({ command: "CHECK" }), "0 ");
    assert.equal(ruleset(), loaded);
  });

  test("fails while the agent is away, so that the runtime tries again", async () => {
    publish(csiDriverName);
    assert.match(
      await call(),
      /^1 {"cniVersion":"1.0.0","code":11,"msg":"meshwright-cni: the node agent is away from /,
    );
    assert.equal(ruleset(), "");
  });

  test("fails within its bound when the agent hangs", async () => {
    publish(csiDriverName);
    await using agent = createServer((connection) => void connection.on("error", () => undefined).resume());
    agent.listen(socket);
    await once(agent, "listening");
    const startMs = performance.now();
    assert.match(await call(), /^1 .*"code":11,.*does not answer/);
    assert.ok(performance.now() - startMs < 15_000);
  });

  test("says what is wrong with the rules", async () => {
    publish(csiDriverName, { rules: 'table inet "' });
    await using _ = await serveAgent();
    const said = await call();
    assert.match(said, /^1 {.*cannot redirect Pod with UID '5c0d.*syntax error/);
    assert.doesNotThrow(() => JSON.parse(said.slice(2)));
  });

  test("fails when the volume has lost its rules", async () => {
    publish(csiDriverName, { file: "something-else" });
    await using _ = await serveAgent();
    assert.match(await call(), /^1 {.*0 volumes of identity.meshwright.dev hold redirect rules/);
  });

  test("ends its DEL without the agent", async () => {
    publish(csiDriverName);
    assert.equal(await call({ command: "DEL" }), "0 ");
  });
});

describe("for another pod the plugin", () => {
  test("loads nothing when that is left to the pod's own init container, or to nobody, as in a gateway", async () => {
    publish(csiDriverName, { file: "redirect.nft" });
    await using _ = await serveAgent();
    assert.equal(await call(), passed);
    assert.equal(ruleset(), "");
  });

  test("asks nobody, whether or not the agent is there", async () => {
    assert.equal(await call(), passed);
  });

  test("takes no rules from a volume that a user can write", async () => {
    publish("csi.example.com");
    await using _ = await serveAgent();
    assert.equal(await call(), passed);
    assert.equal(ruleset(), "");
  });

  for (const args of ["", "K8S_POD_NAME=web-0", "K8S_POD_UID=../../../etc", "K8S_POD_UID="])
    test(`passes when CNI_ARGS is "${args}"`, async () => {
      publish(csiDriverName);
      assert.equal(await call({ args }), passed);
    });
});

test("the plugin tells the versions that it speaks", async () => {
  assert.match(await call({ command: "VERSION" }), /^0 {"cniVersion":"1.1.0","supportedVersions":\["0.3.0",/);
});

describe("the plugin refuses a conflist", () => {
  const cases: Record<string, object> = {
    "in which it is the first": { prevResult: undefined },
    "without a socket": { socket: undefined },
    "whose socket is no path": { socket: 7 },
    "whose folder is too long": { kubeletDir: `/${"k".repeat(2000)}` },
  };
  for (const [name, config] of Object.entries(cases))
    test(name, async () => assert.match(await call({ config }), /^1 {"cniVersion":"1.0.0","code":7,"msg":/));
});
