import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, request } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type handleUnaryCall, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { inboundSource } from "@meshwright/contract/inbound-source";
import type { IpStack } from "@meshwright/contract/ip-stack";
import type { GrpcProbeRoute, HttpProbeRoute, ProbeRoute, TcpProbeRoute } from "@meshwright/contract/probe-route";
import { controlPlaneHost, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { serveAds } from "@meshwright/testing/ads-server";
import { startEnvoy } from "@meshwright/testing/envoy";
import { freePort } from "@meshwright/testing/free-port";
import { KernelWithoutIpv6 } from "@meshwright/testing/kernel-without-ipv6";
import { createAuthority, createVolume, type Volume } from "@meshwright/testing/volume";
import { bootstrap } from "./bootstrap.ts";
import { certificateSds, trustBundleSds } from "./sds.ts";

const install = { revision: "default", namespace: "mesh-system" };
const host = controlPlaneHost(install.revision, install.namespace);

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

/** The control plane's end: delta ADS over mTLS that serves nothing, under a name. */
async function startControlPlane(name: string) {
  const { certificatePem, keyPem } = await issueServing(authority, hourFor(name));
  const pair = { cert_chain: Buffer.from(certificatePem), private_key: Buffer.from(keyPem) };
  return serveAds([], ServerCredentials.createSsl(Buffer.from(authority.rootsPem), [pair], true));
}

const hourFor = (name: string) => ({ dnsNames: [name], now: new Date(), lifetimeMs: 60 * 60_000 });

/** What is not as on most nodes: a kernel with IPv6, and names that nobody captures. */
interface NodeSettings {
  readonly stack?: IpStack;
  readonly nameservers?: readonly string[];
  readonly preload?: string;
}

/** A sidecar of which only ports, paths and the control plane's address are others than in a pod. */
async function startSidecar(
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

async function startReady(...args: Parameters<typeof startSidecar>) {
  const sidecar = await startSidecar(...args);
  await sidecar.envoy.untilReady();
  return sidecar;
}

function relocated(json: JsonValue, { folder }: Volume): string {
  return JSON.stringify(json).replaceAll(volumeMountPath, folder);
}

const echoPath: RequestListener = (request, response) =>
  response.end(`${request.url} ${Object.keys(request.headers).join(" ")}`);

async function listen(server: TcpServer, address: string): Promise<number> {
  server.listen(0, address);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

type HealthAnswer = "serving" | "notServing" | "unknown" | "notFound" | "nothing";

/** HealthCheckResponse with field 1 as the number says. */
const healthMessages = { unknown: [8, 0], serving: [8, 1], notServing: [8, 2] } as const;

/** An application's health service, by its real gRPC library. */
async function startHealth(services: Record<string, HealthAnswer>) {
  const asIs = (bytes: Buffer): Buffer => bytes;
  const check = {
    path: "/grpc.health.v1.Health/Check",
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  const server = new Server();
  const handle: handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
    const answer = services[serviceName(request)] ?? "notFound";
    if (answer === "notFound") callback({ code: status.NOT_FOUND });
    else if (answer !== "nothing") callback(null, Buffer.from(healthMessages[answer]));
  };
  server.addService({ check }, { check: handle });
  const port = await promisify(server.bindAsync.bind(server))("127.0.0.1:0", ServerCredentials.createInsecure());
  return { port, services, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

/** Field 1 of a HealthCheckRequest. */
function serviceName(request: Buffer): string {
  const reader = new BinaryReader(request);
  if (reader.len === 0) return "";
  assert.deepEqual(reader.tag(), [1, WireType.LengthDelimited]);
  return reader.string();
}

const probe = (over: Partial<HttpProbeRoute>): HttpProbeRoute => ({
  kind: "http",
  path: "/app-health/web/readyz",
  port: 0,
  targetPath: "/ready",
  scheme: "HTTP",
  timeoutSeconds: 1,
  ...over,
});

describe("a sidecar with this bootstrap", () => {
  test("is ready when the control plane has answered over mTLS", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startSidecar(controlPlane.port);
    await sidecar.envoy.untilReady();
    assert.equal(await sidecar.get("health", "/healthz/ready"), "200 LIVE");
  });

  test("accepts no connection before the control plane has answered, so kubelet finds it not ready", async () => {
    await using sidecar = await startSidecar(await freePort());
    await assert.rejects(sidecar.get("health", "/healthz/ready"), { message: "fetch failed" });
  });

  test("does not listen to a control plane of another name", async () => {
    await using controlPlane = await startControlPlane("meshd-other.mesh-system.svc");
    await using sidecar = await startSidecar(controlPlane.port);
    await assert.rejects(sidecar.envoy.untilReady(1_000));
    const stats = await sidecar.envoy.stats("cluster.xds-grpc.ssl.fail_verify_san");
    assert.ok((stats.get("cluster.xds-grpc.ssl.fail_verify_san") ?? 0) > 0);
  });

  test("shows its statistics, and no other page of the admin interface", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port);
    for (const listener of ["stats", "agent"]) {
      assert.match(await sidecar.get(listener, "/stats/prometheus"), /^200 [^]*envoy_server_live/);
      assert.match(await sidecar.get(listener, "/quitquitquit"), /^404/);
      assert.match(await sidecar.get(listener, "/stats/prometheus/../../config_dump"), /^404/);
    }
  });
});

describe("the statistics of a sidecar", () => {
  test("tell the open connections of listeners, and not of their worker threads again", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port);
    const names = [...(await sidecar.envoy.stats("^listener[.].*downstream_cx_active$")).keys()];
    // A listener goes by the address it was given: here all three were given the same.
    assert.deepEqual(names, ["listener.[__]_0.downstream_cx_active"]);
  });
});

describe("a sidecar's own ports", () => {
  test("are reached over IPv4 and IPv6 where the kernel has both", async () => {
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [], { nameservers: ["198.19.0.10", "2001:db8::10"] });
    for (const address of ["127.0.0.1", "[::1]"])
      assert.equal(await sidecar.get("health", "/healthz/ready", address), "200 LIVE");
    for (const listener of ["dns", "dns_ipv6"]) assert.ok((await sidecar.envoy.port(listener)) > 0);
  });

  test("need no IPv6 where the kernel has none, nor do probes and queries for names", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    using kernel = new KernelWithoutIpv6();
    await using controlPlane = await startControlPlane(host);
    const node = { stack: "ipv4", nameservers: ["198.19.0.10"], preload: kernel.library } as const;
    await using sidecar = await startReady(controlPlane.port, [probe({ port })], node);
    assert.equal(await sidecar.get("health", "/healthz/ready"), "200 LIVE");
    await assert.rejects(sidecar.get("health", "/healthz/ready", "[::1]"), { message: "fetch failed" });
    assert.match(await sidecar.get("agent", "/app-health/web/readyz"), /^200 /);
    assert.ok((await sidecar.envoy.port("dns")) > 0);
  });

  test("are asked for the application's health over IPv6 too", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "::1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz", "[::1]"), /^200 /);
  });
});

describe("an application's probe", () => {
  test("reaches the path it names on the address at which kubelet asked, with nothing added", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.2");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port, targetPath: "/ready?full=1" })]);
    const answer = await sidecar.get("agent", "/app-health/web/readyz", "127.0.0.2");
    assert.match(answer, /^200 \/ready\?full=1 /);
    assert.doesNotMatch(answer, /original-dst|x-envoy/);
  });

  test("fails for an application on loopback only, as it would without a sidecar", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz", "127.0.0.2"), /^503/);
  });

  test("over HTTPS does not verify the application's certificate, as kubelet does not", async () => {
    const { certificatePem, keyPem } = await issueServing(await createAuthority(), hourFor("nobody"));
    await using app = createTlsServer({ cert: certificatePem, key: keyPem }, echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port, scheme: "HTTPS" })]);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz"), /^200 \/ready /);
  });

  test("of a hook at the start waits until the application listens, and no other probe does", async () => {
    const port = await freePort();
    const hook = probe({ port, path: "/app-lifecycle/web/poststartz" });
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [hook, probe({ port })]);
    const called = sidecar.get("agent", hook.path);
    assert.match(await sidecar.get("agent", "/app-health/web/readyz"), /^503/);
    await using app = createServer(echoPath);
    app.listen(port, "127.0.0.1");
    assert.match(await called, /^200 \/ready /);
  });

  test("follows the redirects of the application, and tells what it found there", async () => {
    const answers: Readonly<Record<string, [number, string?]>> = {
      "/ready": [302, "/login"],
      "/login": [307, "/login/"],
      "/login/": [200],
      "/live": [301, "gone"],
      "/gone": [500],
      "/loop": [302, "/loop"],
      "/here": [303, "http://127.0.0.1:8080/login/?x#y"],
      "/login/?x": [200],
      "/away": [302, "http://shop.example/"],
      "/secure": [302, "/away-secure"],
      "/away-secure": [302, "https://127.0.0.1/"],
    };
    await using app = createServer((request, response) => {
      const [status, location] = answers[request.url ?? ""] ?? [404];
      response.writeHead(status, location === undefined ? {} : { location }).end(`${request.url} ${request.method}`);
    });
    const port = await listen(app, "127.0.0.1");
    const probes = ["/ready", "/live", "/loop", "/here", "/away", "/secure"].map((targetPath) =>
      probe({ port, targetPath, path: `/app-health${targetPath}/readyz` }),
    );
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, probes);
    const agentPort = await sidecar.envoy.port("agent");
    const found = async (name: string): Promise<string> => {
      const asked = request({ port: agentPort, path: `/app-health/${name}/readyz`, host: "127.0.0.1" }).end();
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      response.resume();
      return `${response.statusCode} ${response.headers.location ?? ""}`;
    };
    assert.equal(await found("ready"), "200 ");
    assert.equal(await found("live"), "500 ");
    assert.equal(await found("loop"), "508 ");
    assert.equal(await found("here"), "200 ");
    assert.equal(await found("away"), "302 http://shop.example/");
    assert.equal(await found("secure"), "302 https://127.0.0.1/");
  });

  test("lets nobody reach another path or port of the application", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    const port15020 = await sidecar.envoy.port("agent");
    const headers = { "x-envoy-original-dst-host": "127.0.0.1:1", "x-envoy-original-path": "/secrets" };
    for (const [path, wanted] of [
      ["/secrets", "404 "],
      ["/app-health/web/readyz/../../secrets", "404 "],
      ["/app-health/web/readyz", "200 /ready"],
    ] as const) {
      const sent = request({ host: "127.0.0.1", port: port15020, path, headers }).end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      const [asked] = (await text(response)).split(" ");
      assert.equal(`${response.statusCode} ${asked}`, wanted);
    }
  });

  test("keeps the headers that kubelet sends for it, Host among them", async () => {
    await using app = createServer((request, response) =>
      response.end([request.headers.host, request.headers["x-key"]].join(" ")),
    );
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [probe({ port })]);
    const headers = { host: "shop.example", "x-key": "1" };
    const sent = request({ port: await sidecar.envoy.port("agent"), path: "/app-health/web/readyz", headers }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    assert.equal(await text(response), "shop.example 1");
  });
});

describe("a tcpSocket probe", () => {
  const readyz = "/app-health/db/readyz";
  const tcp = (port: number): TcpProbeRoute => ({ kind: "tcp", path: readyz, port, timeoutSeconds: 1 });

  test("opens a connection and closes it, and sees at once that the application is gone or back", async () => {
    const port = await freePort();
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
    assert.match(await sidecar.get("agent", readyz), /^503/);
    const closed = Promise.withResolvers<string | undefined>();
    await using app = createTcpServer((socket) => {
      const { remoteAddress } = socket;
      socket.resume().once("close", () => closed.resolve(remoteAddress));
    });
    app.listen(port, "127.0.0.1");
    await once(app, "listening");
    assert.equal(await sidecar.get("agent", readyz), "200 ");
    assert.equal(await closed.promise, inboundSource.ipv4);
    app.close();
    await once(app, "close");
    assert.match(await sidecar.get("agent", readyz), /^503/);
  });

  test("hands nothing of the application's to the caller, who has no certificate", async () => {
    await using app = createTcpServer((socket) => void socket.on("error", () => undefined).end("greeting"));
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
    const caller = connect(await sidecar.envoy.port("agent"), "127.0.0.1");
    caller.write(`GET ${readyz} HTTP/1.1\r\nhost: web\r\nconnection: close\r\n\r\n`);
    const answer = await text(caller);
    assert.match(answer, /^HTTP\/1.1 200 OK\r\n/);
    assert.doesNotMatch(answer, /greeting/);
  });

  const evil: Record<string, { method: string; framing: string; status: number }> = {
    "a body of a known length": { method: "GET", framing: "content-length: 4\r\n\r\nevil", status: 400 },
    "a body in chunks": {
      method: "GET",
      framing: "transfer-encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n",
      status: 400,
    },
    "another method": { method: "POST", framing: "content-length: 4\r\n\r\nevil", status: 404 },
  };
  for (const [name, { method, framing, status: refusal }] of Object.entries(evil))
    test(`hands nothing of the caller's to the application: ${name}`, async () => {
      await using app = createTcpServer((socket) => void socket.end());
      const accepted = once(app, "connection");
      const port = await listen(app, "127.0.0.1");
      await using controlPlane = await startControlPlane(host);
      await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
      const caller = connect(await sidecar.envoy.port("agent"), "127.0.0.1");
      caller.write(`${method} ${readyz} HTTP/1.1\r\nhost: web\r\nconnection: close\r\n${framing}`);
      assert.match(await text(caller), new RegExp(`^HTTP/1.1 ${refusal} `));
      assert.equal(await sidecar.get("agent", readyz), "200 ");
      const [first] = (await accepted) as [Socket];
      assert.equal(await text(first), "");
    });

  test("does not wait for an application that neither answers nor closes", async () => {
    await using app = createTcpServer({ allowHalfOpen: true }, (socket) => void socket.resume());
    const accepted = once(app, "connection");
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    await using sidecar = await startReady(controlPlane.port, [tcp(port)]);
    assert.equal(await sidecar.get("agent", readyz), "200 ");
    // The answer may be there before this process has accepted the connection, which would then hold the server open.
    const [socket] = (await accepted) as [Socket];
    socket.destroy();
  });
});

describe("a grpc probe", () => {
  const readyz = "/app-health/api/readyz";
  const grpc = (port: number, service = ""): GrpcProbeRoute => ({
    kind: "grpc",
    path: readyz,
    port,
    service,
    timeoutSeconds: 1,
  });

  for (const service of ["", "shop.Orders", "s".repeat(127), "s".repeat(128), "s".repeat(1024)])
    test(`asks for a service of ${service.length} characters, and sees at once what its health is`, async () => {
      await using app = await startHealth({ [service]: "serving" });
      await using controlPlane = await startControlPlane(host);
      await using sidecar = await startReady(controlPlane.port, [grpc(app.port, service)]);
      assert.equal(await sidecar.get("agent", readyz), "200 ");
      app.services[service] = "notServing";
      assert.equal(await sidecar.get("agent", readyz), "503 ");
      app.services[service] = "serving";
      assert.equal(await sidecar.get("agent", readyz), "200 ");
    });

  const failures: Record<string, HealthAnswer> = {
    "has no such service": "notFound",
    "is not known": "unknown",
    "does not answer in time": "nothing",
  };
  for (const [name, answer] of Object.entries(failures))
    test(`fails when the application ${name}`, async () => {
      await using app = await startHealth({ "": answer });
      await using controlPlane = await startControlPlane(host);
      await using sidecar = await startReady(controlPlane.port, [grpc(app.port)]);
      assert.match(await sidecar.get("agent", readyz), /^50[34]/);
    });

  test("fails when nothing listens, and when what listens speaks no HTTP/2", async () => {
    await using app = createServer(echoPath);
    const port = await listen(app, "127.0.0.1");
    await using controlPlane = await startControlPlane(host);
    const other = { ...grpc(await freePort()), path: "/app-health/api/livez" };
    await using sidecar = await startReady(controlPlane.port, [grpc(port), other]);
    for (const { path } of [grpc(port), other]) assert.match(await sidecar.get("agent", path), /^503/);
    assert.match(await sidecar.get("agent", "/app-health/api/startupz"), /^404/);
  });
});
