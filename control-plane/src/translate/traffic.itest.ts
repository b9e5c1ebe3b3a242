import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { issueServing } from "@meshwright/pki/serving";
import { until } from "@meshwright/testing/until";
import { createAuthority, createVolume } from "@meshwright/testing/volume";
import type { SliceEndpoint } from "../model/endpoint-slice.ts";
import type { MtlsMode } from "../model/mtls-mode.ts";
import type { Service } from "../model/service.ts";
import { adsService } from "../serve/ads-service.ts";
import { serveRpc } from "../serve/rpc-server.ts";
import { ServingCredentials } from "../serve/serving-credentials.ts";
import { Snapshot } from "../snapshot/snapshot.ts";
import { settings, workload } from "../snapshot/testdata/mesh.ts";
import { type Caller, connectPods, layCable, Pod } from "./testdata/pod.ts";
import {
  echoProgram,
  http2Program,
  httpProgram,
  requestsProgram,
  serverProgram,
  tcpProgram,
} from "./testdata/programs.ts";
import { relocatedViews } from "./testdata/relocated-views.ts";

// Two pods with real sidecars that our own control plane configures over mTLS: what the translation says, proven by what
// gets through and by what the application is told of its caller.

const virtualAddress = "198.19.252.10";
const servers = ["http=8080", "h2=9090", "tcp=9000", "http=7000", "tcp=7001", "http=8085", "echo=9100"];

const web: Service = {
  namespace: "shop",
  name: "web",
  addressing: { kind: "virtual", addresses: [virtualAddress] },
  selector: { app: "web" },
  ports: [
    { name: "http", port: 80, protocol: "http", targetPort: { kind: "number", port: 8080 } },
    { name: "grpc", port: 90, protocol: "grpc", targetPort: { kind: "number", port: 9090 } },
    { name: "tcp", port: 9000, protocol: "tcp", targetPort: { kind: "number", port: 9000 } },
    { name: "auto-http", port: 7000, protocol: "auto", targetPort: { kind: "number", port: 7000 } },
    { name: "auto-tcp", port: 7001, protocol: "auto", targetPort: { kind: "number", port: 7001 } },
  ],
};

const stack = new AsyncDisposableStack();
const snapshot = new Snapshot();
const client = stack.use(new Pod(`mw-client-${process.pid}`, "198.18.252.1"));
const server = stack.use(new Pod(`mw-server-${process.pid}`, "198.18.252.2"));

/** A pod without a sidecar, which only the client reaches. */
const plain = stack.use(new Pod(`mw-plain-${process.pid}`, "198.18.252.6"));

/** A headless Service of one pod with a sidecar and one without. */
const peers: Service = {
  namespace: "shop",
  name: "peers",
  addressing: { kind: "headless" },
  selector: { app: "peers" },
  ports: [
    { name: "http", port: 8080, protocol: "http", targetPort: { kind: "number", port: 8080 } },
    { name: "tcp", port: 9000, protocol: "tcp", targetPort: { kind: "number", port: 9000 } },
  ],
};

const nodeId = (pod: string, address: string): string => `sidecar~${address}~${pod}.shop~shop.svc.cluster.local`;

function fillMesh(): void {
  snapshot.setWorkload("shop/client", { ...workload("client", "client"), addresses: [client.address] });
  snapshot.setWorkload("shop/web", { ...workload("web", "web"), addresses: [server.address] });
  snapshot.setWorkload("shop/plain", { ...workload("plain", "plain"), isMeshed: false, addresses: [plain.address] });
  snapshot.setService("shop/peers", peers);
  snapshot.setEndpointSlice("shop/peers", {
    namespace: "shop",
    name: "peers",
    service: "peers",
    ports: peers.ports.map(({ name, port }) => ({ name, port })),
    endpoints: [endpoint(server, "web"), endpoint(plain, "plain")],
  });
  snapshot.setService("shop/web", web);
  snapshot.setEndpointSlice("shop/web", {
    namespace: "shop",
    name: "web",
    service: "web",
    ports: web.ports.map(({ name, targetPort }) => ({
      name,
      port: targetPort.kind === "number" ? targetPort.port : 0,
    })),
    endpoints: [endpoint(server, "web")],
  });
}

function endpoint({ address }: Pod, name: string): SliceEndpoint {
  return { address, isReady: true, target: { kind: "pod", key: `shop/${name}`, uid: name }, zone: "" };
}

before(async () => {
  connectPods(client, server);
  layCable(
    { pod: client, device: "eth1", address: "198.18.252.5" },
    { pod: plain, device: "eth0", address: plain.address },
  );
  await server.startApp(serverProgram, server.address, ...servers);
  await plain.startApp(serverProgram, plain.address, ...servers);
  const authority = await createAuthority();
  const volumeOf = async (serviceAccount: string) =>
    stack.use(await createVolume(authority, { trustDomain: "cluster.local", namespace: "shop", serviceAccount }));
  const [clientVolume, serverVolume] = [await volumeOf("client"), await volumeOf("web")];
  fillMesh();
  snapshot.start({ settings, trustBundle: authority.rootsPem });

  const serving = await issueServing(authority, { dnsNames: ["meshd"], now: new Date(), lifetimeMs: 3_600_000 });
  const credentials = new ServingCredentials({
    certificate: serving.certificatePem,
    privateKey: serving.keyPem,
    roots: authority.rootsPem,
  });
  const folder = mkdtempSync(join(tmpdir(), "ads-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const socket = join(folder, "ads.socket");
  const source = relocatedViews(snapshot, (id) => (id.includes("~client.") ? clientVolume : serverVolume));
  stack.use(await serveRpc(`unix:${socket}`, credentials, [adsService(source)]));
  // The sidecars run as another user.
  for (const path of [folder, socket]) chmodSync(path, 0o777);
  for (const pod of [client, server]) pod.redirect();
  await client.startEnvoy(clientVolume, socket, nodeId("client", client.address));
  await server.startEnvoy(serverVolume, socket, nodeId("web", server.address));
});

after(async () => {
  snapshot.stop();
  await stack.disposeAsync();
});

const programs = { http: httpProgram, h2: http2Program, tcp: tcpProgram } as const;

interface Call {
  readonly by: keyof typeof programs;
  readonly to: string;
  readonly port: number;
  readonly host?: string;
  readonly from?: Caller;
}

function call({ by, to, port, host = "web", from = "application" }: Call): string {
  return client.call(from, programs[by], to, String(port), host).trim();
}

const clientIdentity = "URI=spiffe://cluster.local/ns/shop/sa/client";

const meshed: Record<string, { call: Call; want: RegExp }> = {
  "HTTP by a Service's address": { call: { by: "http", to: virtualAddress, port: 80 }, want: /^200 .*"1\.1"/ },
  "HTTP by a Service's full name": {
    call: { by: "http", to: virtualAddress, port: 80, host: "web.shop.svc.cluster.local" },
    want: /^200 .*"1\.1"/,
  },
  "HTTP/2, as gRPC speaks it": { call: { by: "h2", to: virtualAddress, port: 90 }, want: /^200 .*"2\.0"/ },
  "HTTP to a peer of a headless Service": {
    call: { by: "http", to: server.address, port: 8080, host: "web-0.peers.shop.svc.cluster.local" },
    want: /^200 .*"1\.1"/,
  },
  "HTTP to a pod's address": { call: { by: "http", to: server.address, port: 8080 }, want: /^200 .*"1\.1"/ },
  "HTTP that was not declared": { call: { by: "http", to: virtualAddress, port: 7000 }, want: /^200 .*"1\.1"/ },
};

function testMeshed(): void {
  for (const [name, { call: made, want }] of Object.entries(meshed)) {
    test(`${name} arrives with the client's identity, whatever the client claims`, () => {
      const answer = call(made);
      assert.match(answer, want);
      assert.ok(answer.includes(clientIdentity), answer);
      assert.ok(!answer.includes("forged"), answer);
      assert.ok(answer.includes('"from":"127.0.0.6"'), answer);
    });
  }
  test("TCP in which the server speaks first arrives at once", () => {
    assert.equal(call({ by: "tcp", to: virtualAddress, port: 9000 }), "hello 127.0.0.6");
  });
  test("a pod is reached also on a port of no Service, as bytes", () => {
    assert.match(call({ by: "http", to: server.address, port: 8085 }), /^200 /);
  });
  test("TCP to a pod's address arrives, also if the server speaks first", () => {
    assert.equal(call({ by: "tcp", to: server.address, port: 9000 }), "hello 127.0.0.6");
  });
  test("a pod without a sidecar is reached by its own address", () => {
    assert.match(call({ by: "http", to: plain.address, port: 8080 }), /^200 .*"peer":""/);
    assert.equal(call({ by: "tcp", to: plain.address, port: 9000 }), "hello 198.18.252.5");
  });
  test("a peer without a sidecar is reached beside one with a sidecar", () => {
    const host = "plain-0.peers.shop.svc.cluster.local";
    assert.match(call({ by: "http", to: plain.address, port: 8080, host }), /^200 .*"peer":""/);
  });
  test("a pod may call itself by its own address", () => {
    const answer = server.call("application", httpProgram, server.address, "8080", "web");
    assert.match(answer, /^200 /);
  });
  test("a Service may call itself", () => {
    const answer = server.call("application", httpProgram, virtualAddress, "80", "web");
    assert.ok(answer.includes("URI=spiffe://cluster.local/ns/shop/sa/web"), answer);
  });
  test("a request is told how often it was tried", () => {
    assert.match(call({ by: "http", to: virtualAddress, port: 80 }), /"attempt":"1"/);
  });
}

const plaintext: Record<string, Call> = {
  "HTTP of a client without a sidecar": { by: "http", to: server.address, port: 8080, from: "outsider" },
  "HTTP of a client without a sidecar, not declared": { by: "http", to: server.address, port: 7000, from: "outsider" },
  "HTTP of a client without a sidecar, to a port of no Service": {
    by: "http",
    to: server.address,
    port: 8085,
    from: "outsider",
  },
  "HTTP/2 of a client without a sidecar": { by: "h2", to: server.address, port: 9090, from: "outsider" },
};

describe("permissive mTLS", () => {
  testMeshed();
  for (const [name, made] of Object.entries(plaintext)) {
    test(`${name} is served, without an identity`, () => {
      const answer = call(made);
      assert.match(answer, /^200 /);
      assert.ok(answer.includes('"peer":""'), answer);
    });
  }
  test("TCP in which the server speaks first arrives also where it was not declared", () => {
    assert.equal(call({ by: "tcp", to: virtualAddress, port: 7001 }), "hello 127.0.0.6");
  });
  test("TCP of a client without a sidecar is served, also if the server speaks first", () => {
    assert.equal(call({ by: "tcp", to: server.address, port: 9000, from: "outsider" }), "hello 127.0.0.6");
  });
});

async function changePods(count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    const address = `198.18.253.${index}`;
    snapshot.setWorkload("shop/other", { ...workload("other", "other"), addresses: [address] });
    const path = "/config_dump?resource=dynamic_active_clusters&name_regex=PassthroughCluster";
    await until("the client's sidecar knows the pod", async () => (await client.admin(path)).includes(`"${address}"`));
  }
}

/** Says what the server's pod accepts, and waits until its sidecar has heard of it. */
async function accept(mode: MtlsMode): Promise<void> {
  const updates = async (): Promise<string> => server.admin("/stats?filter=listener_manager.lds.update_success");
  const earlier = await updates();
  const scope = { kind: "workload", namespace: "shop", labels: { app: "web" }, portModes: new Map() } as const;
  snapshot.setPeerAuthentication("shop/web", { name: "web", createdAt: "2026-01-01T00:00:00Z", scope, mode });
  await until("the server's sidecar took the policy", async () => (await updates()) !== earlier);
}

/** Whether the client's sidecar speaks TLS for a call, by what it counts. */
async function makesHandshake(made: Call): Promise<boolean> {
  const handshakes = (): Promise<string> => client.admin("/stats?filter=cluster.*ssl.handshake");
  const earlier = await handshakes();
  assert.match(call(made), /^hello /);
  return (await handshakes()) !== earlier;
}

describe("a PeerAuthentication", () => {
  after(() => snapshot.setPeerAuthentication("shop/web", undefined));

  test("may change twenty times between strict and permissive and cuts nothing of what both allow", async () => {
    const echo = await client.startTask(echoProgram, server.address, "9100");
    const requests = await client.startTask(requestsProgram, virtualAddress, "80", "web");
    for (let round = 0; round < 20; round += 1) await accept(round % 2 === 0 ? "strict" : "permissive");
    assert.match(await echo.end(), /^open\nalive/);
    assert.match(await requests.end(), /^open\nfailures \[\] of/);
  });
  test("refuses plaintext once it is strict", async () => {
    await accept("strict");
    assert.doesNotMatch(call({ by: "http", to: server.address, port: 8080, from: "outsider" }), /^200/);
  });
  test("that allows mTLS is followed by meshed clients, to Services and to pods", async () => {
    for (const to of [virtualAddress, server.address])
      assert.ok(await makesHandshake({ by: "tcp", to, port: 9000 }), to);
  });
  test("that disables mTLS makes meshed clients send plaintext, to Services and to pods", async () => {
    await accept("disabled");
    for (const to of [virtualAddress, server.address])
      await until("the client sends plaintext", async () => !(await makesHandshake({ by: "tcp", to, port: 9000 })));
  });
});

describe("registry only", () => {
  before(async () => {
    snapshot.setSettings({ ...settings, outboundTraffic: "registryOnly" });
    const refused = (): boolean => !call({ by: "http", to: server.address, port: 8085 }).startsWith("200");
    await until("what is no Service is refused", refused);
  });
  after(() => snapshot.setSettings(settings));
  test("a headless Service's peers are reached, also by bytes", () => {
    const host = "web-0.peers.shop.svc.cluster.local";
    assert.match(call({ by: "http", to: server.address, port: 8080, host }), /^200 .*sa\/client/);
    assert.equal(call({ by: "tcp", to: server.address, port: 9000 }), "hello 127.0.0.6");
    assert.equal(call({ by: "tcp", to: plain.address, port: 9000 }), "hello 198.18.252.5");
  });
});

describe("strict mTLS", () => {
  before(async () => {
    snapshot.setSettings({ ...settings, mtls: "strict" });
    const refused = (): boolean =>
      !call({ by: "http", to: server.address, port: 8080, from: "outsider" }).startsWith("200");
    await until("plaintext is refused", refused);
  });
  testMeshed();
  for (const [name, made] of Object.entries(plaintext)) {
    test(`${name} is refused`, () => assert.doesNotMatch(call(made), /^200/));
  }
  test("what runs to pods' addresses outlives fifty changes of other pods", async () => {
    const echo = await client.startTask(echoProgram, server.address, "9100");
    const requests = await client.startTask(requestsProgram, server.address, "8080", server.address);
    await changePods(50);
    assert.match(await echo.end(), /^open\nalive/);
    assert.match(await requests.end(), /^open\nfailures \[\] of/);
  });
  test("TCP of a client without a sidecar is refused", () => {
    assert.doesNotMatch(call({ by: "tcp", to: server.address, port: 9000, from: "outsider" }), /hello/);
  });
});
