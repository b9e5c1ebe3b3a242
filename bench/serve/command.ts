import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { servingCertificate } from "@meshwright/control-plane/serve/testdata/tls-server";
import { repositoryRoot } from "@meshwright/dev/cluster/paths.ts";
import { bundleModule } from "@meshwright/dev/images/bundle.ts";
import { createClientKeys } from "@meshwright/testing/client-keys";
import type { LightProxy } from "@meshwright/testing/light-proxy";
import { createAuthority } from "@meshwright/testing/volume";
import { count } from "../count.ts";
import { ask } from "./ask.ts";
import { connectAll } from "./crowd.ts";
import { forkServer } from "./fork-server.ts";
import type { Measured } from "./server.ts";

/**
 * `make bench B=serve`: what it costs to serve proxies, of the xDS port alone: TLS with client certificates, gRPC and the
 * protocol, with resources that are encoded already.
 */
export async function measureServing(args: readonly string[]): Promise<void> {
  const option = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { proxies: option, services: option, json: { type: "boolean" } },
  });
  const proxies = count("proxies", values.proxies ?? "300");
  const services = count("services", values.services ?? "500");
  const result = await measure(proxies, services);
  console.log(values.json === true ? JSON.stringify(result) : table(result));
}

interface Result {
  readonly proxies: number;
  readonly services: number;
  readonly bytesPerProxy: number;
  readonly configureSeconds: number;
  readonly configure: Measured;
  readonly settledRssBytes: number;
  readonly startRssBytes: number;
  /** From the change of a view until the last proxy has it, in milliseconds, for each of some changes. */
  readonly changeMs: readonly number[];
  readonly change: Measured;
}

const changeCount = 50;

async function measure(proxies: number, services: number): Promise<Result> {
  const authority = await createAuthority();
  const keys = await createClientKeys(authority, {
    trustDomain: "cluster.local",
    namespace: "shop",
    serviceAccount: "web",
  });
  const server = await startServer();
  const certificate = await servingCertificate(authority);
  const { port } = await ask<{ port: number }>(server, { kind: "start", certificate, services });
  const before = await ask<Measured>(server, { kind: "measure" });
  const began = performance.now();
  const connected = await connectAll({ port, keys, services, proxies });
  const configureSeconds = (performance.now() - began) / 1000;
  const configured = await ask<Measured>(server, { kind: "measure" });
  const changeMs: number[] = [];
  for (let change = 0; change < changeCount; change++) changeMs.push(await changeOnce(server, connected));
  const changed = await ask<Measured>(server, { kind: "measure" });
  const bytes = connected.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
  for (const proxy of connected) proxy[Symbol.dispose]();
  server.kill();
  return {
    proxies,
    services,
    bytesPerProxy: bytes / proxies,
    configureSeconds,
    configure: { ...configured, cpuSeconds: configured.cpuSeconds - before.cpuSeconds },
    startRssBytes: before.rssBytes,
    settledRssBytes: changed.rssBytes,
    changeMs,
    change: { ...changed, cpuSeconds: (changed.cpuSeconds - configured.cpuSeconds) / changeCount },
  };
}

/** Bundled and started as the image's process is: stripping types at run time would take memory that no user pays. */
async function startServer(): Promise<ChildProcess> {
  const file = join(repositoryRoot, ".build", "bench", "serve.mjs");
  await bundleModule("bench/serve/server.ts", file);
  return forkServer(file);
}

async function changeOnce(server: ChildProcess, proxies: readonly LightProxy[]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let reached = 0;
  for (const proxy of proxies)
    proxy.onResponse(() => {
      if (++reached === proxies.length) resolve();
    });
  const began = performance.now();
  const answered = ask(server, { kind: "change" });
  await Promise.all([promise, answered]);
  return performance.now() - began;
}

function table({
  proxies,
  services,
  bytesPerProxy,
  configureSeconds,
  configure,
  changeMs,
  change,
  ...rss
}: Result): string {
  const sorted = changeMs.toSorted((a, b) => a - b);
  const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
  return [
    `${proxies} proxies, ${services} Services, ${(bytesPerProxy / 1e6).toFixed(2)} MB for each proxy`,
    `configured in ${configureSeconds.toFixed(2)} s with ${configure.cpuSeconds.toFixed(2)} CPU-s`,
    `memory: ${mebibytes(rss.startRssBytes)} at the start, ${mebibytes(configure.peakRssBytes)} at the peak, ${mebibytes(rss.settledRssBytes)} after it`,
    late(configure),
    `one endpoint change at all proxies: ${sorted[sorted.length >> 1]?.toFixed(1)} ms at p50, ${sorted.at(-1)?.toFixed(1)} ms at most, ${(change.cpuSeconds * 1000).toFixed(1)} CPU-ms`,
    late(change),
  ].join("\n");
}

function late({ lagP99Ms, lagMaxMs, turns }: Measured): string {
  const [lag, turn] = [
    [lagP99Ms, lagMaxMs],
    [turns.p99Ms, turns.maxMs],
  ].map((times) => times.map((ms) => ms.toFixed(1)).join(" and "));
  return `event loop late by ${lag} ms at p99 and at most; its turns take ${turn} CPU-ms`;
}
