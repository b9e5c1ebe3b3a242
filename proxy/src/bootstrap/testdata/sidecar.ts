import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import type { AddressInfo, Server as TcpServer } from "node:net";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ServerCredentials } from "@grpc/grpc-js";
import type { IpStack } from "@meshwright/contract/ip-stack";
import type { HttpProbeRoute, ProbeRoute } from "@meshwright/contract/probe-route";
import { controlPlaneHost, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { issueServing } from "@meshwright/pki/serving";
import { serveAds } from "@meshwright/testing/ads-server";
import { startEnvoy } from "@meshwright/testing/envoy";
import { freePort } from "@meshwright/testing/free-port";
import { createAuthority, createVolume, type Volume } from "@meshwright/testing/volume";
import { bootstrap } from "../bootstrap.ts";
import { certificateSds, trustBundleSds } from "../sds.ts";

const install = { revision: "default", namespace: "mesh-system" };
export const host = controlPlaneHost(install.revision, install.namespace);

const authority = await createAuthority();

/** The control plane's end: delta ADS over mTLS that serves nothing, under a name. */
export async function startControlPlane(name: string) {
  const { certificatePem, keyPem } = await issueServing(authority, hourFor(name));
  const pair = { cert_chain: Buffer.from(certificatePem), private_key: Buffer.from(keyPem) };
  return serveAds([], ServerCredentials.createSsl(Buffer.from(authority.rootsPem), [pair], true));
}

export const hourFor = (name: string) => ({ dnsNames: [name], now: new Date(), lifetimeMs: 60 * 60_000 });

/** What is not as on most nodes: a kernel with IPv6, and names that nobody captures. */
interface NodeSettings {
  readonly stack?: IpStack;
  readonly nameservers?: readonly string[];
  readonly preload?: string;
}

/** A sidecar of which only ports, paths and the control plane's address are others than in a pod. */
export async function startSidecar(
  controlPlanePort: number,
  probes: readonly ProbeRoute[] = [],
  { stack = "dual", nameservers = [], preload }: NodeSettings = {},
) {
  const opened = new AsyncDisposableStack();
  const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };
  const volume = opened.use(await createVolume(authority, identity));
  writeFileSync(join(volume.folder, volumeFiles.certificateSds), relocated(certificateSds(), volume));
  writeFileSync(join(volume.folder, volumeFiles.trustBundleSds), relocated(trustBundleSds(), volume));
  const adminPort = await freePort();
  const json = relocated(bootstrap({ ...install, probes, stack, nameservers }), volume)
    .replaceAll(/"port_value":(15020|15021|15053|15090)/g, '"port_value":0')
    .replaceAll('"port_value":15000', `"port_value":${adminPort}`)
    .replaceAll(`{"address":"${host}","port_value":15012}`, `{"address":"127.0.0.1","port_value":${controlPlanePort}}`);
  const envoy = opened.use(
    await startEnvoy(JSON.parse(json) as JsonObject, { adminPort, ...(preload && { preload }) }),
  );
  const get = async (listener: string, path: string, address = "127.0.0.1"): Promise<string> => {
    const response = await fetch(`http://${address}:${await envoy.port(listener)}${path}`);
    return `${response.status} ${(await response.text()).trim()}`;
  };
  return { envoy, get, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

export async function startReady(...args: Parameters<typeof startSidecar>) {
  const sidecar = await startSidecar(...args);
  await sidecar.envoy.untilReady();
  return sidecar;
}

function relocated(json: JsonValue, { folder }: Volume): string {
  return JSON.stringify(json).replaceAll(volumeMountPath, folder);
}

export const echoPath: RequestListener = (request, response) =>
  response.end(`${request.url} ${Object.keys(request.headers).join(" ")}`);

export async function listen(server: TcpServer, address: string): Promise<number> {
  server.listen(0, address);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

export const probe = (over: Partial<HttpProbeRoute>): HttpProbeRoute => ({
  kind: "http",
  path: "/app-health/web/readyz",
  port: 0,
  targetPath: "/ready",
  scheme: "HTTP",
  timeoutSeconds: 1,
  ...over,
});
