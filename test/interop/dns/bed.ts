import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { proxyUid, volumeMountPath } from "@meshwright/contract/volume";
import type { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";
import type { Authority } from "@meshwright/pki/authority";
import type { Daemon } from "@meshwright/testing/daemon";
import type { NetworkNamespace } from "@meshwright/testing/network-namespace";
import { type DualAddress, NodeNetwork } from "@meshwright/testing/node-network";
import { createAuthority, createVolume } from "@meshwright/testing/volume";
import { addresses, dualAddress } from "../bed/addresses.ts";
import { startProgram, stopProgram } from "../bed/application.ts";
import { startControlPlane } from "../bed/control-plane.ts";
import { fillVolume, redirect, startSidecar } from "../bed/sidecar.ts";
import type { Order, Result } from "./application.ts";
import { Nameserver } from "./nameserver.ts";
import { lookup } from "./orders.ts";

const applicationUid = 1000;
const controlPlanePort = 15012;

/** The cluster's DNS; the pod is given one of the two. */
export const nameserverAddresses: DualAddress = { ipv4: "198.18.240.53", ipv6: "2001:db8:18:240::53" };
/** Another nameserver, that kubelet did not give to the pod. */
export const otherAddress = addresses.outside;

/** As kubelet writes it for a pod of the namespace `shop`, but for a resolver that gives up sooner. */
const resolvConf = (nameserver: string): string => `search shop.svc.cluster.local svc.cluster.local cluster.local
nameserver ${nameserver}
options ndots:5 timeout:1 attempts:1
`;

/** A pod whose names are captured, and the cluster's DNS. */
export interface DnsBed extends AsyncDisposable {
  readonly nameserver: Nameserver;
  readonly snapshot: Snapshot;
  readonly envoy: Daemon;
  /** Lets the pod's application do something. */
  application(order: Order): Promise<Result>;
  /** The same, for no more than what it found or the code of its error. */
  answer(order: Order): Promise<readonly unknown[]>;
  /** Lets something of the proxy's user do it, whose queries nobody captures. */
  proxy(order: Order): Promise<Result>;
  /** Lets somebody outside of the pod do it. */
  outside(order: Order): Promise<Result>;
}

/** Starts a bed, with a nameserver that the pod is given by an address of the family; resolves when the sidecar is ready. */
export async function startDnsBed(family: keyof DualAddress): Promise<DnsBed> {
  const nameserverAddress = nameserverAddresses[family];
  await using stack = new AsyncDisposableStack();
  const authority = await createAuthority();
  const node = stack.use(new NodeNetwork(`mw-dnsnode-${process.pid}`, dualAddress("node")));
  const controlPlane = stack.use(await startControlPlane(authority, {}));
  const forwarder = [String(controlPlanePort), controlPlane.socket];
  stack.adopt(await startProgram(node.namespace, { uid: 0 }, "forward.ts", forwarder), stopProgram);
  const nameserver = stack.use(new Nameserver(node.addPod(`mw-dns-${process.pid}`, nameserverAddresses)));
  await nameserver.start();
  const outside = node.addPod(`mw-dnsout-${process.pid}`, dualAddress("outside"));
  stack.adopt(await startProgram(outside, { uid: 0 }, "serve-udp.ts", ["53", "5300"]), stopProgram);

  const etc = stack.adopt(mkdtempSync(join(tmpdir(), "etc-")), (path) => rmSync(path, { recursive: true }));
  fillEtc(etc, nameserverAddress);
  const pod = node.addPod(`mw-dnspod-${process.pid}`, dualAddress("client"));
  const envoy = await startPod(stack, { pod, etc, authority, nameserverAddress });
  const run = (uid: number) => (order: Order) => carryOut(pod, uid, etc, order);
  await envoy.untilReady(async () => isReady(await run(applicationUid)(lookup("web", 4))), 30_000);
  const started = stack.move();
  return {
    nameserver,
    snapshot: controlPlane.snapshot,
    envoy,
    application: run(applicationUid),
    answer: async (order) => found(await run(applicationUid)(order)),
    proxy: run(proxyUid),
    outside: (order) => carryOut(outside, applicationUid, etc, order),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

interface PodParts {
  readonly pod: NetworkNamespace;
  readonly etc: string;
  readonly authority: Authority;
  readonly nameserverAddress: string;
}

async function startPod(stack: AsyncDisposableStack, parts: PodParts): Promise<Daemon> {
  const { pod, etc, authority, nameserverAddress } = parts;
  const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "client" };
  const volume = stack.use(await createVolume(authority, identity));
  fillVolume(volume, [nameserverAddress]);
  redirect(pod, [nameserverAddress]);
  const nodeId = `sidecar~${addresses.client}~client-0.shop~shop.svc.cluster.local`;
  const envoy = startSidecar(pod, { "/etc": etc, [volumeMountPath]: volume.folder }, nodeId);
  return stack.adopt(envoy, (daemon) => daemon.stop());
}

function isReady(result: Result): boolean {
  return result.kind === "answer";
}

function found(result: Result): readonly unknown[] {
  return result.kind === "answer" ? result.values : [result.code];
}

function fillEtc(etc: string, nameserver: string): void {
  // The sidecar looks for its control plane here too, before there is anybody to answer.
  writeFileSync(join(etc, "hosts"), `127.0.0.1 localhost\n${addresses.node} meshd-default.mesh-system.svc\n`);
  writeFileSync(join(etc, "nsswitch.conf"), "hosts: files dns\n");
  writeFileSync(join(etc, "resolv.conf"), resolvConf(nameserver));
  for (const folder of ["app", "meshwright"]) mkdirSync(join(etc, folder));
  chmodSync(etc, 0o755);
}

async function carryOut(pod: NetworkNamespace, uid: number, etc: string, order: Order): Promise<Result> {
  // A checkout may be where only its owner can read.
  const mounts = { "/etc": etc, "/etc/app": import.meta.dirname };
  const [command, all] = pod.command({ uid, mounts }, process.execPath, ["/etc/app/application.ts"]);
  const running = promisify(execFile)(command, all, { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 });
  running.child.stdin?.end(JSON.stringify(order));
  return JSON.parse((await running).stdout) as Result;
}
