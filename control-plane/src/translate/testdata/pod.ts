import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { create, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { ipStackMetadata } from "@meshwright/contract/ip-stack";
import { proxyUid } from "@meshwright/contract/volume";
import { adminClusterName } from "@meshwright/proxy/bootstrap/admin-cluster";
import { statsListener } from "@meshwright/proxy/bootstrap/listeners";
import { captureEverything } from "@meshwright/proxy/redirect/capture";
import { renderRuleset } from "@meshwright/proxy/redirect/render";
import { redirectRules } from "@meshwright/proxy/redirect/ruleset";
import { adsBootstrap } from "@meshwright/testing/ads-bootstrap";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { envoyBinary } from "@meshwright/testing/envoy";
import type { Volume } from "@meshwright/testing/volume";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { toXdsJson } from "@meshwright/xds-api/json";
import { z } from "zod";

const appUid = 1000;

/** Who opens a connection: the application, whose traffic is redirected, or somebody without a sidecar. */
export type Caller = "application" | "outsider";

/** One address of each family. */
export interface Addresses {
  readonly ipv4: string;
  readonly ipv6: string;
}

type Variables = Readonly<Record<string, string>>;

/** A program that runs in a pod. */
export interface Task {
  /** Ends it and returns what it printed. */
  end(): Promise<string>;
}

/** A network namespace with the product's own redirect rules, as a pod has it; disposing ends all that runs in it. */
export class Pod implements AsyncDisposable {
  readonly namespace: string;
  readonly addresses: Addresses;
  readonly #apps: ChildProcess[] = [];
  #envoy: Daemon | undefined;
  #adminSocket = "";

  constructor(namespace: string, addresses: Addresses) {
    this.namespace = namespace;
    this.addresses = addresses;
    run("ip", "netns", "add", namespace);
    run("ip", "-n", namespace, "link", "set", "lo", "up");
  }

  /** Loads the rules that bring the pod's traffic to its proxy. */
  redirect(): void {
    const input = renderRuleset(redirectRules(captureEverything));
    execFileSync("nsenter", [`--net=/run/netns/${this.namespace}`, "nft", "-f", "-"], { input });
  }

  /** Starts the sidecar, which takes its configuration from an ADS server on a Unix socket; `variables` are its environment. */
  async startEnvoy(volume: Volume, socket: string, nodeId: string, variables: Variables = {}): Promise<void> {
    const bootstrap = join(volume.folder, "bootstrap.json");
    const admin = join(volume.folder, "admin.socket");
    this.#adminSocket = admin;
    writeFileSync(bootstrap, JSON.stringify(withMetrics(sidecarBootstrap(volume, socket, admin), admin)));
    chmodSync(volume.folder, 0o777);
    const flags = ["--config-path", bootstrap, "--service-node", nodeId, "--service-cluster", "test"];
    const options = [...flags, "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"];
    const [program, args] = this.#inside(proxyUid, envoyBinary(), options);
    this.#envoy = startDaemon(program, args, variables);
    await this.#envoy.untilReady(async () => (await ask(admin, "/ready")).startsWith("LIVE"), 15_000);
  }

  /** Runs a Node program of the application; resolves when it has printed something. */
  async startApp(program: string, ...args: readonly string[]): Promise<void> {
    const app = spawn(...this.#inside(appUid, process.execPath, ["-e", program, ...args]), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#apps.push(app);
    await once(app.stdout, "data");
  }

  /** Runs a Node program to its end and returns what it printed. */
  call(caller: Caller, program: string, ...args: readonly string[]): string {
    const uid = caller === "application" ? appUid : proxyUid;
    const [command, all] = this.#inside(uid, process.execPath, ["-e", program, ...args]);
    return execFileSync(command, all, { encoding: "utf8", timeout: 20_000, maxBuffer: 256 * 1024 * 1024 });
  }

  /** What the sidecar answers to Prometheus. */
  scrape(): string {
    return this.call("outsider", scrapeProgram);
  }

  /** Starts a Node program of the application that works until its input ends; resolves when it has begun. */
  async startTask(program: string, ...args: readonly string[]): Promise<Task> {
    const task = spawn(...this.#inside(appUid, process.execPath, ["-e", program, ...args]), {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#apps.push(task);
    let text = "";
    task.stdout.on("data", (chunk) => (text += String(chunk)));
    await once(task.stdout, "data");
    const end = async (): Promise<string> => {
      const exited = once(task, "close");
      task.stdin.end();
      await exited;
      return text.trim();
    };
    return { end };
  }

  /** Asks the sidecar's admin interface. */
  admin(path: string): Promise<string> {
    return ask(this.#adminSocket, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#envoy?.stop();
    for (const app of this.#apps) {
      if (app.exitCode === null && app.kill("SIGKILL")) await once(app, "exit");
    }
    run("ip", "netns", "delete", this.namespace);
  }

  #inside(uid: number, program: string, args: readonly string[]): [string, string[]] {
    const user = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
    return ["nsenter", [`--net=/run/netns/${this.namespace}`, "setpriv", ...user, program, ...args]];
  }
}

/** Joins two pods by a cable; each sends to the other whatever is not its own. */
export function connectPods(a: Pod, b: Pod): void {
  layCable({ pod: a, device: "eth0", addresses: a.addresses }, { pod: b, device: "eth0", addresses: b.addresses });
  for (const [from, { addresses }] of [
    [a, b],
    [b, a],
  ] as const)
    for (const gateway of Object.values(addresses))
      run("ip", "-n", from.namespace, "route", "add", "default", "via", gateway);
}

/** One end of a cable. */
export interface CableEnd {
  readonly pod: Pod;
  readonly device: string;
  /** Of networks of four with the other end's. */
  readonly addresses: Addresses;
}

export function layCable(a: CableEnd, b: CableEnd): void {
  const peer = ["peer", "name", b.device, "netns", b.pod.namespace];
  run("ip", "-n", a.pod.namespace, "link", "add", a.device, "type", "veth", ...peer);
  for (const { pod, device, addresses } of [a, b]) {
    run("ip", "-n", pod.namespace, "address", "add", `${addresses.ipv4}/30`, "dev", device);
    run("ip", "-n", pod.namespace, "address", "add", `${addresses.ipv6}/126`, "dev", device, "nodad");
    run("ip", "-n", pod.namespace, "link", "set", device, "up");
  }
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args);
}

const statsPort = 15090;

const scrapeProgram = `
  require("node:http").get({ host: "127.0.0.1", port: ${statsPort}, path: "/stats/prometheus" }, (response) => response.pipe(process.stdout));`;

/** The listener at which the sidecar tells its metrics, as the node agent writes it, beside what ADS needs. */
function withMetrics(bootstrap: JsonObject, admin: string): JsonValue {
  const listener = toXdsJson(ListenerSchema, create(ListenerSchema, statsListener("dual")));
  const endpoint = { address: { pipe: { path: admin } } };
  const load_assignment = { cluster_name: adminClusterName, endpoints: [{ lb_endpoints: [{ endpoint }] }] };
  const cluster = { name: adminClusterName, type: "STATIC", load_assignment };
  const resources = z.looseObject({ clusters: z.array(z.json()) }).parse(bootstrap["static_resources"]);
  const clusters = [...resources.clusters, cluster];
  return { ...bootstrap, static_resources: { ...resources, clusters, listeners: [listener] } };
}

function sidecarBootstrap(volume: Volume, socket: string, admin: string): JsonObject {
  const bootstrap: JsonObject = adsBootstrap({ port: 1, volume });
  const tcp = JSON.stringify({ socket_address: { address: "127.0.0.1", port_value: 1 } });
  const text = JSON.stringify(bootstrap).replace(tcp, JSON.stringify({ pipe: { path: socket } }));
  const node = { metadata: { [ipStackMetadata]: "dual" } };
  return { ...JSON.parse(text), node, admin: { address: { pipe: { path: admin } } } };
}

async function ask(socketPath: string, path: string): Promise<string> {
  const asked = request({ socketPath, path }).end();
  const [response] = await once(asked, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}
