import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonValue } from "@bufbuild/protobuf";
import { ports } from "@meshwright/contract/ports";
import { volumeMountPath } from "@meshwright/contract/volume";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { envoyBinary } from "@meshwright/testing/envoy";
import { NetworkNamespace } from "@meshwright/testing/network-namespace";
import { until } from "@meshwright/testing/until";
import type { PodIdentity } from "../../mesh/objects.ts";
import { type Admin, adminAt } from "./admin.ts";

/** What a sidecar is started with. */
export interface SidecarSpec {
  readonly pod: PodIdentity;
  readonly bootstrap: JsonValue;
  /** Folder that the sidecar finds as its volume; default an empty one. */
  readonly volume?: string;
  /** Unix sockets of this machine by the TCP port on which the sidecar finds them. */
  readonly servers?: Readonly<Record<number, string>>;
  /** Names that the sidecar resolves to loopback. */
  readonly hosts?: readonly string[];
}

/** A real Envoy as the only process of a pod's network. Disposing ends it. */
export interface Sidecar extends AsyncDisposable {
  readonly pid: number;
  readonly admin: Admin;
  /** From the start of the process until Envoy called itself ready, in milliseconds. */
  readonly readyMs: number;
}

const root = 0;
const readyTimeoutMs = 120_000;

/** Starts Envoy as the injector has it started; resolves when it is ready. */
export async function startSidecar(spec: SidecarSpec): Promise<Sidecar> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(mkdtempSync(join(tmpdir(), "sidecar-")), (path) => rmSync(path, { recursive: true }));
  const namespace = stack.use(new NetworkNamespace(`mw-bench-${process.pid}`));
  const adminSocket = join(folder, "admin.socket");
  const bridges = Object.entries(spec.servers ?? {}).map(([port, path]) => `${port}=${path}`);
  const bridge = await startBridge(namespace, [`${adminSocket}=${ports.admin}`, ...bridges]);
  stack.defer(() => endBridge(bridge));
  const admin = adminAt(adminSocket);
  const started = performance.now();
  const envoy = stack.adopt(startEnvoy(namespace, folder, spec), (daemon) => daemon.stop());
  await untilReady(envoy, admin);
  const readyMs = performance.now() - started;
  const running = stack.move();
  return { pid: envoy.pid, admin, readyMs, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Looks every 10 ms; a process that ended is told by its log. */
async function untilReady(envoy: Daemon, admin: Admin): Promise<void> {
  const isReady = (): Promise<boolean> =>
    admin.get("/ready").then(
      () => true,
      () => false,
    );
  await until("Envoy is ready", isReady, { timeoutMs: readyTimeoutMs }).catch(() => envoy.untilReady(isReady, 0));
}

function startEnvoy(namespace: NetworkNamespace, folder: string, { pod, bootstrap, volume, hosts = [] }: SidecarSpec) {
  const etc = writeEtc(folder, hosts);
  writeFileSync(join(folder, "bootstrap.json"), JSON.stringify(bootstrap));
  // A copy, so that no other Envoy of the machine shares its pages and takes a part of them upon itself.
  copyFileSync(envoyBinary(), join(folder, "envoy"));
  const flags = {
    "--config-path": join(folder, "bootstrap.json"),
    "--service-node": `sidecar~${pod.address}~${pod.name}.${pod.namespace}~${pod.namespace}.svc.cluster.local`,
    "--service-cluster": `${pod.serviceAccount}.${pod.namespace}`,
    "--log-level": "warning",
    // What the injector makes of the default CPU limit, and Istio's of the same.
    "--concurrency": "2",
    "--drain-time-s": "45",
    "--drain-strategy": "immediate",
  };
  const args = [...Object.entries(flags).flat(), "--disable-hot-restart"];
  const mounts = { "/etc": etc, ...(volume === undefined ? {} : { [volumeMountPath]: volume }) };
  return startDaemon(...namespace.command({ uid: root, mounts }, join(folder, "envoy"), args));
}

function writeEtc(folder: string, hosts: readonly string[]): string {
  const etc = join(folder, "etc");
  mkdirSync(join(etc, "meshwright"), { recursive: true });
  writeFileSync(join(etc, "hosts"), `127.0.0.1 ${["localhost", ...hosts].join(" ")}\n`);
  writeFileSync(join(etc, "nsswitch.conf"), "hosts: files\n");
  return etc;
}

async function startBridge(namespace: NetworkNamespace, pairs: readonly string[]): Promise<ChildProcess> {
  const program = join(import.meta.dirname, "bridge.ts");
  const [command, args] = namespace.command({ uid: root }, process.execPath, [program, ...pairs]);
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("cannot start the bridge: it ended")));
  await Promise.race([once(child, "message"), ended]);
  ended.catch(() => undefined);
  return child;
}

async function endBridge(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
