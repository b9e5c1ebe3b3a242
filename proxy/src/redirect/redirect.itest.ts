import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { inboundSource } from "@meshwright/contract/inbound-source";
import { proxyUid } from "@meshwright/contract/volume";
import { type Capture, captureEverything, readCapture } from "./capture.ts";
import { renderRuleset } from "./render.ts";
import { redirectRules } from "./ruleset.ts";

// The kernel's own word on the rules: two network namespaces, "pod" with the rules and "peer" outside of it, with real
// sockets of a proxy (by its user), an application (by another) and a peer.

const pod = `mw-pod-${process.pid}`;
const peer = `mw-peer-${process.pid}`;
const podAddress = { v4: "198.18.250.1", v6: "2001:2::1" };
const peerAddress = { v4: "198.18.250.2", v6: "2001:2::2" };
const appUid = 1000;
const servers: ChildProcess[] = [];

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: "utf8" });
}

/** Command line of a Node program in a namespace, by a user; the program's arguments follow it. */
function inside(namespace: string, uid: number, program: string, args: readonly string[]): [string, string[]] {
  const user = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
  const enter = [`--net=/run/netns/${namespace}`, "setpriv", ...user];
  return ["nsenter", [...enter, process.execPath, "-e", program, ...args]];
}

const serveProgram = `
  const servers = process.argv.slice(1).map((pair) => pair.split("="));
  let waiting = servers.length;
  for (const [port, name] of servers)
    require("node:net")
      .createServer((socket) => socket.on("error", () => {}).end(name + " " + socket.remoteAddress.replace("::ffff:", "")))
      .listen(Number(port), "::", () => --waiting || console.log("listening"));`;

/** Serves ports, each answering with a name and who connected. */
async function serve(namespace: string, uid: number, ports: Readonly<Record<number, string>>): Promise<void> {
  const pairs = Object.entries(ports).map(([port, name]) => `${port}=${name}`);
  await start(inside(namespace, uid, serveProgram, pairs));
}

/** Starts a server, and resolves when it listens. */
async function start(command: [string, string[]]): Promise<void> {
  const server = spawn(...command, { stdio: ["ignore", "pipe", "inherit"] });
  servers.push(server);
  await once(server.stdout, "data");
}

const connectProgram = `
  const [host, port, localAddress] = process.argv.slice(1);
  const socket = require("node:net").connect({ host, port: Number(port), localAddress, timeout: 5000 });
  socket.on("timeout", () => socket.destroy(new Error("timed out"))).on("error", (error) => console.log(error.message));
  socket.pipe(process.stdout);`;

const udpPort = 9001;

const serveUdpProgram = `
  const [port, name, address] = process.argv.slice(1);
  const socket = require("node:dgram").createSocket({ type: address === "127.0.0.1" ? "udp4" : "udp6" });
  socket.on("message", (_, { address, port }) => socket.send(name + " " + address.replace("::ffff:", ""), port, address));
  socket.bind(Number(port), address, () => console.log("listening"));`;

/** The answer counts only if it comes from where it was asked. */
const askUdpProgram = `
  const [host, port, localPort] = process.argv.slice(1);
  const socket = require("node:dgram").createSocket(host.includes(":") ? "udp6" : "udp4");
  setTimeout(() => process.exit(), 5000).unref();
  socket.on("message", (answer) => { process.stdout.write(answer); socket.close(); });
  socket.bind(Number(localPort), () => socket.connect(Number(port), host, () => socket.send("?")));`;

interface Question {
  readonly from: "app" | "proxy";
  readonly to: string;
  readonly port: number;
  /** Default any that is free. */
  readonly localPort?: number;
}

/** Says who answers by UDP, and whom that one sees. */
function askByUdp({ from, to, port, localPort = 0 }: Question): string {
  const args = [to, String(port), String(localPort)];
  return run(...spread(inside(pod, from === "proxy" ? proxyUid : appUid, askUdpProgram, args)));
}

interface Connect {
  readonly from: "peer" | "app" | "proxy";
  readonly to: string;
  readonly port: number;
  readonly source?: string;
}

/** Says who answered. */
function connect({ from, to, port, source }: Connect): string {
  const args = [to, String(port), ...(source === undefined ? [] : [source])];
  const uid = from === "proxy" ? proxyUid : appUid;
  return run(...spread(inside(from === "peer" ? peer : pod, uid, connectProgram, args)));
}

function spread([command, args]: [string, string[]]): [string, ...string[]] {
  return [command, ...args];
}

function load(capture: Capture): void {
  const input = renderRuleset(redirectRules(capture));
  execFileSync("nsenter", [`--net=/run/netns/${pod}`, "nft", "-f", "-"], { input });
}

before(async () => {
  run("ip", "netns", "add", pod);
  run("ip", "netns", "add", peer);
  run("ip", "-n", pod, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", peer);
  for (const [namespace, address] of [
    [pod, podAddress],
    [peer, peerAddress],
  ] as const) {
    run("ip", "-n", namespace, "address", "add", `${address.v4}/30`, "dev", "eth0");
    run("ip", "-n", namespace, "address", "add", `${address.v6}/64`, "dev", "eth0", "nodad");
    for (const link of ["lo", "eth0"]) run("ip", "-n", namespace, "link", "set", link, "up");
  }
  await serve(pod, proxyUid, { 15001: "outbound", 15006: "inbound", 15021: "health" });
  await serve(pod, appUid, { 8080: "app" });
  await serve(peer, appUid, { 9000: "peer" });
  run("nsenter", `--net=/run/netns/${peer}`, "sysctl", "-qw", "net.ipv4.ip_unprivileged_port_start=0");
  for (const port of [53, udpPort]) await start(inside(peer, appUid, serveUdpProgram, [String(port), "peer", "::"]));
  for (const address of ["127.0.0.1", "::1"])
    await start(inside(pod, proxyUid, serveUdpProgram, ["15053", "dns", address]));
  load(captureEverything);
});

after(async () => {
  for (const server of servers) {
    server.kill();
    await once(server, "exit");
  }
  for (const namespace of [pod, peer]) run("ip", "netns", "delete", namespace);
});

for (const family of ["v4", "v6"] as const) {
  const own = podAddress[family];
  const other = peerAddress[family];
  const loopback = { v4: "127.0.0.1", v6: "::1" }[family];
  const passthrough = { v4: inboundSource.ipv4, v6: inboundSource.ipv6 }[family];

  describe(`over IP${family}`, () => {
    const cases: Record<string, { connect: Connect; answer: string }> = {
      "a call from outside comes to the inbound side": {
        connect: { from: "peer", to: own, port: 8080 },
        answer: `inbound ${other}`,
      },
      "the proxy's own ports are reached from outside": {
        connect: { from: "peer", to: own, port: 15021 },
        answer: `health ${other}`,
      },
      "a call of the application comes to the outbound side": {
        connect: { from: "app", to: other, port: 9000 },
        answer: `outbound ${own}`,
      },
      "a call of the proxy goes out": { connect: { from: "proxy", to: other, port: 9000 }, answer: `peer ${own}` },
      "the application reaches itself on loopback": {
        connect: { from: "app", to: loopback, port: 8080 },
        answer: `app ${loopback}`,
      },
      "the application reaches itself on the pod's address": {
        connect: { from: "app", to: own, port: 8080 },
        answer: `app ${own}`,
      },
      "the proxy reaches the application on loopback": {
        connect: { from: "proxy", to: loopback, port: 8080 },
        answer: `app ${loopback}`,
      },
      "the proxy that calls the pod's own Service comes to the inbound side": {
        connect: { from: "proxy", to: own, port: 8080 },
        answer: `inbound ${own}`,
      },
      "what the inbound side hands on reaches the application on the pod's address": {
        connect: { from: "proxy", to: own, port: 8080, source: passthrough },
        answer: `app ${passthrough}`,
      },
    };
    for (const [name, { connect: how, answer }] of Object.entries(cases))
      test(name, () => assert.equal(connect(how), answer));
  });
}

test("loading the rules again changes nothing", () => {
  const list = (): string => run("nsenter", `--net=/run/netns/${pod}`, "nft", "list", "ruleset");
  const loaded = list();
  load(captureEverything);
  assert.equal(list(), loaded);
});

test("an excluded outbound port goes out past the proxy", () => {
  load({ ...captureEverything, excludeOutboundPorts: [9000] });
  assert.equal(connect({ from: "app", to: peerAddress.v4, port: 9000 }), `peer ${podAddress.v4}`);
  load(captureEverything);
});

test("only the included addresses are captured", () => {
  const cidrs = [{ family: "ip", text: "198.18.250.0/30" }] as const;
  load({ ...captureEverything, outboundAddresses: { kind: "only", cidrs, except: [] } });
  assert.equal(connect({ from: "app", to: peerAddress.v4, port: 9000 }), `outbound ${podAddress.v4}`);
  assert.equal(connect({ from: "app", to: peerAddress.v6, port: 9000 }), `peer ${podAddress.v6}`);
  load(captureEverything);
});

test("a volume's capture settings leave alone what they name", () => {
  load(readCapture({ includeInboundPorts: [8443], excludeOutboundIPRanges: [`${peerAddress.v6}/64`] }, []));
  assert.equal(connect({ from: "peer", to: podAddress.v4, port: 8080 }), `app ${peerAddress.v4}`);
  assert.equal(connect({ from: "peer", to: podAddress.v6, port: 8443 }), `inbound ${peerAddress.v6}`);
  assert.equal(connect({ from: "app", to: peerAddress.v6, port: 9000 }), `peer ${podAddress.v6}`);
  assert.equal(connect({ from: "app", to: peerAddress.v4, port: 9000 }), `outbound ${podAddress.v4}`);
  load(captureEverything);
});

for (const family of ["v4", "v6"] as const) {
  const [own, nameserver] = [podAddress[family], peerAddress[family]];

  describe(`over UDP by IP${family}`, () => {
    test("everything is left alone, also queries for names", () => {
      for (const port of [53, udpPort]) assert.equal(askByUdp({ from: "app", to: nameserver, port }), `peer ${own}`);
    });

    test("a query to a captured nameserver comes to the proxy, and nothing else does", () => {
      load({ ...captureEverything, nameservers: [nameserver] });
      assert.equal(askByUdp({ from: "app", to: nameserver, port: 53 }), `dns ${own}`);
      assert.equal(askByUdp({ from: "app", to: nameserver, port: udpPort }), `peer ${own}`);
      assert.equal(connect({ from: "app", to: nameserver, port: 53 }), `outbound ${own}`);
      load(captureEverything);
    });

    test("a query to another nameserver is left alone", () => {
      load({ ...captureEverything, nameservers: ["198.18.250.99", "2001:db8::53"] });
      assert.equal(askByUdp({ from: "app", to: nameserver, port: 53 }), `peer ${own}`);
      load(captureEverything);
    });

    test("a query that the proxy hands on reaches the nameserver, also from the port that the application has just used", () => {
      load({ ...captureEverything, nameservers: [nameserver] });
      const question = { to: nameserver, port: 53, localPort: 40_053 };
      assert.equal(askByUdp({ from: "app", ...question }), `dns ${own}`);
      assert.equal(askByUdp({ from: "proxy", ...question }), `peer ${own}`);
      assert.equal(askByUdp({ from: "app", ...question }), `dns ${own}`);
      load(captureEverything);
    });
  });
}

for (const { only, gone, prefix } of [
  { only: "v4", gone: "v6", prefix: 64 },
  { only: "v6", gone: "v4", prefix: 30 },
] as const)
  test(`the rules serve a pod with IP${only} alone`, () => {
    run("ip", "-n", pod, "address", "delete", `${podAddress[gone]}/${prefix}`, "dev", "eth0");
    load(captureEverything);
    assert.equal(connect({ from: "peer", to: podAddress[only], port: 8080 }), `inbound ${peerAddress[only]}`);
    assert.equal(connect({ from: "app", to: peerAddress[only], port: 9000 }), `outbound ${podAddress[only]}`);
    run("ip", "-n", pod, "address", "add", `${podAddress[gone]}/${prefix}`, "dev", "eth0", "nodad");
  });
