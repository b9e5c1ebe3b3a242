import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@bufbuild/protobuf";
import {
  edsCluster,
  endpoints,
  httpListener,
  routesTo,
} from "@meshwright/control-plane/serve/testdata/envoy-resources";
import { type Bodies, viewOf } from "@meshwright/control-plane/serve/testdata/one-view";
import type { ProxyView } from "@meshwright/control-plane/serve/view";
import type { Authority } from "@meshwright/pki/authority";
import { adsBootstrap } from "@meshwright/testing/ads-bootstrap";
import { type Envoy, startEnvoy } from "@meshwright/testing/envoy";
import { createVolume } from "@meshwright/testing/volume";
import { nodeId, web } from "./mesh.ts";

/** An application that answers with its name. */
export async function startApp(name: string): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_, response) => response.end(name)).listen(0, "127.0.0.1");
  const { promise, resolve } = Promise.withResolvers<void>();
  server.on("listening", resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Applications by the names of their clusters, behind a listener `in` whose routes lead to one of them. */
export function routed(apps: Readonly<Record<string, number>>, to: string, more: Bodies = {}): ProxyView {
  return viewOf(
    Object.fromEntries(Object.keys(apps).map((name) => [name, edsCluster(name)])),
    more,
    Object.fromEntries(Object.entries(apps).map(([name, port]) => [name, endpoints(name, port)])),
    { in: httpListener("in", "routes") },
    { routes: routesTo("routes", to) },
  );
}

/** How an Envoy asks: for differences, or for the state of the world. */
export type Variant = "DELTA_GRPC" | "GRPC";

/** A real Envoy over mTLS at a replica on 127.0.0.1. Disposing stops it. */
export async function connectEnvoy(
  authority: Authority,
  port: number,
  { variant = "DELTA_GRPC", pod = "web-1" }: { readonly variant?: Variant; readonly pod?: string } = {},
): Promise<Envoy> {
  await using stack = new AsyncDisposableStack();
  const volume = stack.use(await createVolume(authority, web));
  const envoy = stack.use(
    await startEnvoy(withVariant(adsBootstrap({ port, volume }), variant), { nodeId: nodeId(pod) }),
  );
  const started = stack.move();
  return { ...envoy, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function withVariant(bootstrap: JsonObject, variant: Variant): JsonObject {
  return JSON.parse(JSON.stringify(bootstrap).replace('"DELTA_GRPC"', `"${variant}"`)) as JsonObject;
}

/** `200 name`: what the listener `in` answers. */
export async function get(envoy: Envoy): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${await envoy.port("in")}/`);
  return `${response.status} ${await response.text()}`;
}
