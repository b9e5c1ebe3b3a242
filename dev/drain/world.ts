import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemon } from "@meshwright/testing/daemon";
import { freePort } from "@meshwright/testing/free-port";
import { envoyBinary } from "../binaries/envoy.ts";
import { type EnvoyPorts, envoyConfig } from "./envoy-config.ts";

/** An Envoy and the application behind it, which answers when the test says so. */
export interface World extends AsyncDisposable {
  readonly ports: EnvoyPorts;
  /** Sends a request that reaches the application, and resolves then. */
  openRequest(): Promise<OpenRequest>;
  /** Has the application answer every request at once from now on. */
  answerAll(): void;
  /** Sends a request, and returns what its response says of the connection. */
  connectionHeader(port: "http" | "outbound"): Promise<string | undefined>;
  /** Returns Envoy's statistics as text. */
  stats(): Promise<string>;
}

/** A request that the application has and has not answered. */
interface OpenRequest {
  /** Answers it, and resolves with the status that the client saw; undefined when its connection broke. */
  answer(): Promise<number | undefined>;
}

/** Starts an Envoy and its application on loopback. */
export async function startWorld(): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), "meshwright-drain-"));
  const application = createServer().listen(0, "127.0.0.1");
  await once(application, "listening");
  const ports = { admin: await freePort(), http: await freePort(), tcp: await freePort(), outbound: await freePort() };
  const config = join(dir, "envoy.json");
  await writeFile(config, envoyConfig(ports, portOf(application)));
  const args = ["-c", config, "--use-dynamic-base-id", "--concurrency", "2", "--log-level", "error"];
  const envoy = startDaemon(await envoyBinary(), args);
  await envoy.untilReady(async () => (await fetch(`http://127.0.0.1:${ports.admin}/ready`)).ok, 20_000);
  return {
    ports,
    openRequest: () => openRequest(application, ports.http),
    answerAll: () => void application.on("request", (_, response) => response.end()),
    connectionHeader: (port) => connectionHeader(ports[port]),
    stats: async () => (await fetch(`http://127.0.0.1:${ports.admin}/stats`)).text(),
    async [Symbol.asyncDispose]() {
      await envoy.kill();
      application.closeAllConnections();
      application.close();
      await rm(dir, { recursive: true });
    },
  };
}

async function openRequest(application: Server, port: number): Promise<OpenRequest> {
  const arrived = Promise.withResolvers<ServerResponse>();
  application.once("request", (_, response) => arrived.resolve(response));
  const status = Promise.withResolvers<number | undefined>();
  request({ host: "127.0.0.1", port }, (response) => status.resolve(response.resume().statusCode))
    .on("error", () => status.resolve(undefined))
    .end();
  const response = await arrived.promise;
  return {
    answer() {
      response.end();
      return status.promise;
    },
  };
}

async function connectionHeader(port: number): Promise<string | undefined> {
  const agent = new Agent({ keepAlive: true });
  const sent = request({ host: "127.0.0.1", port, agent }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  agent.destroy();
  return response.headers.connection;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("cannot find the application's port");
  return address.port;
}
