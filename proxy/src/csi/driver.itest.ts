import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import { tokenAudience } from "@meshwright/contract/identity";
import { csiDriverName } from "@meshwright/contract/volume";
import { registerCaMetrics } from "@meshwright/control-plane/ca/ca-metrics";
import { certificateService } from "@meshwright/control-plane/ca/certificate-service";
import { LiveValue } from "@meshwright/control-plane/ca/live";
import { tokenReviewer } from "@meshwright/control-plane/ca/token-review";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { namespaces, pods, serviceAccounts } from "@meshwright/kube/resource-types";
import { silentLogger } from "@meshwright/log/logger";
import { createRegistry } from "@meshwright/metrics/registry";
import { readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { issueServing } from "@meshwright/pki/serving";
import { callUnary } from "@meshwright/rpc-api/call-unary";
import {
  Identity,
  Node,
  NodePublishVolumeRequestSchema,
  NodeUnpublishVolumeRequestSchema,
} from "@meshwright/rpc-api/gen/csi/v1/csi_pb";
import { IstioCertificateService } from "@meshwright/rpc-api/gen/istio/v1/auth/ca_pb";
import { Registration, RegistrationStatusSchema } from "@meshwright/rpc-api/gen/pluginregistration/v1/api_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { Agent } from "../agent/agent.ts";
import { registerAgentMetrics } from "../agent/agent-metrics.ts";
import { createCertificateClient } from "../agent/certificate-client.ts";
import { type Driver, startDriver } from "./driver.ts";

// A real API server with real tokens, the real certificate service over TLS, real tmpfs mounts, and this test in the
// place of kubelet, on the real sockets.

const root = await createRoot({ now: new Date(), organization: "cluster.local" });
const dir = realpathSync(mkdtempSync(join(tmpdir(), "csi-")));
const rootFile = join(dir, "ca.crt");
const node = grpcService(Node);

let api: ApiServer;
let kube: KubeClient;
let controlPlane: Server;
let address: string;
let kubeletDir: string;
let driver: Driver;
let agent: Agent;
let kubelet: Client;
let isInstalled: boolean;

before(async () => {
  writeFileSync(rootFile, root.rootsPem);
  api = await startApiServer();
  kube = createKubeClient({ connection: loadConnection(api.kubeconfig), userAgent: "test" });
  await makePod("shop", "web");
  await makePod("bank", "vault");
  [controlPlane, address] = await startControlPlane();
});

after(async () => {
  controlPlane.forceShutdown();
  await api.stop();
  rmSync(dir, { recursive: true });
});

beforeEach(async () => {
  kubeletDir = mkdtempSync(join(dir, "kubelet-"));
  isInstalled = true;
  await start();
});

afterEach(async () => {
  await stop();
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  for (const mount of mounts.flatMap((line) => line.split(" ")[4] ?? []).filter((path) => path.startsWith(kubeletDir)))
    run("umount", mount);
});

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: "utf8" });
}

async function requirePlugin(): Promise<void> {
  if (!isInstalled) throw new Error("there is no conflist");
}

async function startControlPlane(): Promise<[Server, string]> {
  const authority = new LiveValue(readAuthority(root));
  const hour = { now: new Date(), lifetimeMs: 60 * 60_000 };
  const { certificatePem, keyPem } = await issueServing(authority.current(), { dnsNames: ["localhost"], ...hour });
  const server = new Server();
  server.addService(
    grpcService(IstioCertificateService),
    certificateService({
      authority,
      trustDomain: () => "cluster.local",
      maxLifetimeSeconds: () => 24 * 60 * 60,
      reviewToken: tokenReviewer(kube),
      now: () => new Date(),
      metrics: registerCaMetrics(createRegistry(), authority),
      logger: silentLogger,
    }),
  );
  const pair = { cert_chain: Buffer.from(certificatePem), private_key: Buffer.from(keyPem) };
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync("localhost:0", ServerCredentials.createSsl(null, [pair]), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  return [server, `localhost:${await promise}`];
}

async function start(target = address): Promise<void> {
  agent = new Agent({
    client: createCertificateClient({ namespace: "mesh-system", rootFile, addressOf: () => target }),
    controlPlaneNamespace: "mesh-system",
    stack: "dual",
    nameservers: [],
    now: () => new Date(),
    random: Math.random,
    metrics: registerAgentMetrics(createRegistry(), () => agent.holdings()),
    logger: silentLogger,
    firstBudgetMs: 1000,
  });
  const driverDir = join(kubeletDir, "plugins", csiDriverName);
  const names = { nodeName: "node1", version: "v1.1.0", ensureCni: requirePlugin };
  driver = await startDriver({ agent, kubeletDir, driverDir, ...names, logger: silentLogger });
  kubelet = new Client(`unix:${join(driverDir, "csi.sock")}`, credentials.createInsecure());
}

async function stop(): Promise<void> {
  kubelet.close();
  await Promise.all([driver.stop(), agent.close()]);
}

async function makePod(namespace: string, name: string): Promise<void> {
  await kube.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await kube.create(serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name } });
  const spec = { serviceAccountName: name, containers: [{ name: "app", image: "app" }] };
  const body = { apiVersion: "v1", kind: "Pod", metadata: { namespace, name }, spec };
  await kube.request({ method: "POST", path: `/api/v1/namespaces/${namespace}/pods`, body });
}

/** What kubelet sends for a pod of the service account of the same name. */
async function tokensOf(namespace: string, name: string): Promise<string> {
  const pod = await kube.get(pods, { namespace, name });
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name, uid: pod?.metadata.uid };
  const answer = await kube.request({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { spec: { audiences: [tokenAudience], expirationSeconds: 600, boundObjectRef } },
  });
  const { status: issued } = answer as { readonly status: object };
  return JSON.stringify({ [tokenAudience]: issued });
}

function targetPath(): string {
  const volume = join(kubeletDir, "pods", "0a1b-2c", "volumes", "kubernetes.io~csi", "meshwright");
  mkdirSync(volume, { recursive: true });
  return join(volume, "mount");
}

interface Publish {
  readonly target?: string;
  readonly tokens: string;
  /** Where the tokens stand: Kubernetes before 1.35 sends them in the volume context. */
  readonly tokensIn?: "secrets" | "context";
  readonly attributes?: Readonly<Record<string, string>>;
  readonly readonly?: boolean;
}

async function publish({
  target = targetPath(),
  tokens,
  tokensIn = "secrets",
  attributes,
  readonly = true,
}: Publish): Promise<void> {
  const entry = { "csi.storage.k8s.io/serviceAccount.tokens": tokens };
  const request = create(NodePublishVolumeRequestSchema, {
    volumeId: "csi-1",
    targetPath: target,
    readonly,
    secrets: tokensIn === "secrets" ? entry : {},
    volumeContext: {
      "csi.storage.k8s.io/pod.name": "web",
      "csi.storage.k8s.io/pod.namespace": "shop",
      "csi.storage.k8s.io/pod.uid": "0a1b-2c",
      "csi.storage.k8s.io/serviceAccount.name": "web",
      "csi.storage.k8s.io/ephemeral": "true",
      contract: "1",
      revision: "default",
      ...attributes,
      ...(tokensIn === "context" ? entry : {}),
    },
  });
  await callUnary(kubelet, node.nodePublishVolume, request);
}

async function unpublish(target = targetPath()): Promise<void> {
  await callUnary(
    kubelet,
    node.nodeUnpublishVolume,
    create(NodeUnpublishVolumeRequestSchema, { volumeId: "csi-1", targetPath: target }),
  );
}

function mountsOf(target: string): readonly string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((line) => line.split(" ")[1] === target);
}

async function assertRefused(call: Promise<void>, code: status, words: RegExp): Promise<void> {
  await assert.rejects(call, (error: ServiceError) => {
    assert.equal(error.code, code);
    assert.match(error.details, words);
    return true;
  });
}

test("kubelet finds the driver, learns where it listens, and its word decides about readiness", async () => {
  const socket = join(kubeletDir, "plugins_registry", `${csiDriverName}-reg.sock`);
  const watcher = new Client(`unix:${socket}`, credentials.createInsecure());
  const registration = grpcService(Registration);
  const info = await callUnary(watcher, registration.getInfo, { $typeName: "pluginregistration.InfoRequest" });
  assert.equal(info.type, "CSIPlugin");
  assert.equal(info.name, csiDriverName);
  const csi = new Client(`unix:${info.endpoint}`, credentials.createInsecure());
  const about = await callUnary(csi, grpcService(Identity).getPluginInfo, { $typeName: "csi.v1.GetPluginInfoRequest" });
  assert.equal(about.vendorVersion, "v1.1.0");
  const { nodeId } = await callUnary(csi, node.nodeGetInfo, { $typeName: "csi.v1.NodeGetInfoRequest" });
  assert.equal(nodeId, "node1");
  assert.deepEqual(driver.registration(), { kind: "waiting" });
  const notify = (pluginRegistered: boolean, error: string): Promise<unknown> =>
    callUnary(
      watcher,
      registration.notifyRegistrationStatus,
      create(RegistrationStatusSchema, { pluginRegistered, error }),
    );
  await notify(false, "version");
  assert.deepEqual(driver.registration(), { kind: "refused", error: "version" });
  await notify(true, "");
  assert.deepEqual(driver.registration(), { kind: "registered" });
  watcher.close();
  csi.close();
});

for (const tokensIn of ["secrets", "context"] as const) {
  test(`a pod whose token comes in the ${tokensIn} gets a mounted identity that OpenSSL verifies`, async () => {
    const target = targetPath();
    await publish({ tokens: await tokensOf("shop", "web"), tokensIn });
    const [mount = ""] = mountsOf(target);
    assert.match(mount, /^meshwright .* tmpfs rw,nosuid,nodev,noexec,.*size=1024k,mode=755/);
    const { mode, uid } = statSync(join(target, "identity", "tls.key"));
    assert.deepEqual([mode & 0o777, uid], [0o400, 1337]);
    const files = { ca: join(target, "identity/ca.crt"), leaf: join(target, "identity/tls.crt") };
    const verify = ["verify", "-x509_strict", "-CAfile", files.ca, files.leaf];
    assert.match(run("openssl", ...verify), /: OK/);
    const show = ["x509", "-in", files.leaf, "-noout", "-ext", "subjectAltName"];
    assert.match(run("openssl", ...show), /URI:spiffe:\/\/cluster\.local\/ns\/shop\/sa\/web\n/);
    run("unshare", "--net", "nft", "--check", "--file", join(target, "redirect.nft"));
  });
}

test("a republish keeps the mount and the certificate", async () => {
  const target = targetPath();
  const tokens = await tokensOf("shop", "web");
  await publish({ tokens });
  const before = readFileSync(join(target, "identity/tls.crt"), "utf8");
  await publish({ tokens });
  assert.equal(mountsOf(target).length, 1);
  assert.equal(readFileSync(join(target, "identity/tls.crt"), "utf8"), before);
});

test("a volume is unmounted and removed, and once more without complaint", async () => {
  const target = targetPath();
  await publish({ tokens: await tokensOf("shop", "web") });
  await unpublish();
  assert.equal(existsSync(target), false);
  await unpublish();
});

test("a pod keeps its identity over a restart of the agent, and over a control plane that is down meanwhile", async () => {
  const target = targetPath();
  const tokens = await tokensOf("shop", "web");
  await publish({ tokens });
  const before = readFileSync(join(target, "identity/tls.crt"), "utf8");
  await stop();
  await start("localhost:1");
  await publish({ tokens });
  assert.equal(readFileSync(join(target, "identity/tls.crt"), "utf8"), before);
});

test("socket files are gone after a stop, and one that a crash left is replaced", async () => {
  const socket = join(kubeletDir, "plugins", csiDriverName, "csi.sock");
  await stop();
  assert.equal(existsSync(socket), false);
  writeFileSync(socket, "");
  await start();
  await publish({ tokens: await tokensOf("shop", "web") });
});

describe("a pod does not start, and nothing stays mounted,", () => {
  test("while the control plane does not answer: its Event names the address and what to check", async () => {
    await stop();
    await start("localhost:1");
    await assertRefused(
      publish({ tokens: await tokensOf("shop", "web") }),
      status.UNAVAILABLE,
      /cannot obtain a certificate for Pod "shop\/web" from the control plane at "localhost:1": UNAVAILABLE: .*ECONNREFUSED.*: check that it runs/,
    );
    assert.equal(existsSync(targetPath()), false);
  });

  test("with a token that the API server does not know", async () => {
    const expirationTimestamp = new Date(Date.now() + 60_000).toISOString();
    const tokens = JSON.stringify({ [tokenAudience]: { token: "a.b.c", expirationTimestamp } });
    await assertRefused(publish({ tokens }), status.PERMISSION_DENIED, /UNAUTHENTICATED: .*bearer token is not valid/);
    assert.equal(existsSync(targetPath()), false);
  });

  test("with another pod's token", async () => {
    await assertRefused(
      publish({ tokens: await tokensOf("bank", "vault") }),
      status.INTERNAL,
      /it names "spiffe:\/\/cluster.local\/ns\/bank\/sa\/vault", not service account "shop\/web"/,
    );
    assert.equal(existsSync(targetPath()), false);
  });

  test("without a token", async () => {
    await assertRefused(publish({ tokens: "" }), status.FAILED_PRECONDITION, /tokenRequests of the CSIDriver/);
    assert.equal(existsSync(targetPath()), false);
  });

  test("when its volume is writable", async () => {
    await assertRefused(
      publish({ tokens: "", readonly: false }),
      status.INVALID_ARGUMENT,
      /readOnly is false: set it to true/,
    );
  });

  test("when its volume speaks another contract", async () => {
    const attributes = { contract: "9" };
    await assertRefused(publish({ tokens: "", attributes }), status.INVALID_ARGUMENT, /"contract" is "9"/);
  });

  test("when its path is not kubelet's", async () => {
    const target = join(dir, "elsewhere");
    await assertRefused(publish({ tokens: "", target }), status.INVALID_ARGUMENT, /target_path is .*elsewhere/);
    await assertRefused(unpublish(target), status.INVALID_ARGUMENT, /target_path is .*elsewhere/);
  });
});

test("a pod that leaves its redirect to the CNI plugin is held until the plugin is installed, and not once it runs", async () => {
  const pod = { tokens: await tokensOf("shop", "web"), attributes: { redirect: "cni" } };
  isInstalled = false;
  await assert.rejects(publish(pod), {
    code: status.UNAVAILABLE,
    details: /the node's CNI plugin: there is no conflist/,
  });
  assert.equal(existsSync(targetPath()), false);
  isInstalled = true;
  await publish(pod);
  isInstalled = false;
  await publish(pod);
});
