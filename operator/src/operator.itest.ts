import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { KubeClient } from "@meshwright/kube/client";
import { loadConnection } from "@meshwright/kube/connection";
import { createKubeClient } from "@meshwright/kube/kube-client";
import { isKubeError } from "@meshwright/kube/kube-error";
import { events, leases, pods } from "@meshwright/kube/resource-types";
import { type KubeObject, keyOf, type ResourceType } from "@meshwright/kube/types";
import { readAuthority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { type ApiServer, startApiServer } from "@meshwright/testing/api-server";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import { freePort } from "@meshwright/testing/free-port";
import { kubeBinary } from "@meshwright/testing/kube-binaries";
import { until } from "@meshwright/testing/until";
import { managedType, meshInstallType, namespaceType, ownedTypes, secretType } from "./api/managed-types.ts";
import { apiVersion, type MeshInstall } from "./api/mesh-install.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manager = { fieldManager: "test", force: true };
const waiting = { timeoutMs: 30_000 };

let server: ApiServer;
let client: KubeClient;
let operator: Daemon;
let webhookPort: number;
let webhook: Server | undefined;

before(async () => {
  server = await startApiServer();
  client = createKubeClient({ connection: loadConnection(server.kubeconfig), userAgent: "test" });
  kubectl("apply", "--server-side", "-k", join(root, "deploy/kustomize/dev"));
  webhookPort = await freePort();
  operator = startOperator(writeKubeconfig());
});

after(async () => {
  webhook?.close();
  await operator?.stop();
  await server?.stop();
});

function kubectl(...args: readonly string[]): string {
  const stdio = ["ignore", "pipe", "pipe"] as const;
  return execFileSync(kubeBinary("kubectl"), [`--kubeconfig=${server.kubeconfig}`, ...args], {
    encoding: "utf8",
    stdio: [...stdio],
  });
}

/** The operator runs under the rights that deploy/kustomize grants, and no others. */
function writeKubeconfig(): string {
  const token = kubectl("create", "token", "-n", "meshwright-operator", "meshwright-operator").trim();
  const config = JSON.parse(readFileSync(server.kubeconfig, "utf8"));
  const path = join(dirname(server.kubeconfig), "operator.kubeconfig");
  writeFileSync(path, JSON.stringify({ ...config, users: [{ name: "admin", user: { token } }] }));
  return path;
}

function startOperator(kubeconfig: string): Daemon {
  return startDaemon("/usr/bin/env", [
    `KUBECONFIG=${kubeconfig}`,
    process.execPath,
    fileURLToPath(new URL("./main.ts", import.meta.url)),
    "--monitoring-port=0",
    `--webhook-address=127.0.0.1:${webhookPort}`,
  ]);
}

/** A MeshInstall as a user writes it; the API server adds what is left out. */
async function createInstall(name: string, spec: object = {}): Promise<void> {
  await client.create(meshInstallType, { apiVersion, kind: "MeshInstall", metadata: { name }, spec } as KubeObject);
}

async function readInstall(name: string): Promise<MeshInstall> {
  const install = await client.get<MeshInstall & KubeObject>(
    meshInstallType as ResourceType<MeshInstall & KubeObject>,
    { name },
  );
  assert.ok(install !== undefined, `no MeshInstall "${name}"`);
  return install;
}

async function patchSpec(name: string, spec: object): Promise<void> {
  await client.patch(meshInstallType, { name }, { spec });
}

/** Waits for a condition's reason, and returns the condition. */
async function condition(name: string, type: string, reason: string) {
  const find = async () => (await readInstall(name)).status?.conditions?.find((c) => c.type === type);
  let last: Awaited<ReturnType<typeof find>>;
  await until(`${type} of "${name}" for the reason ${reason}`, async () => (last = await find())?.reason === reason, {
    ...waiting,
    show: () => JSON.stringify(last),
  });
  assert.ok(last !== undefined);
  return last;
}

function typeOf(kind: string) {
  const type = managedType(kind);
  assert.ok(type !== undefined, kind);
  return type;
}

async function exists(kind: string, name: string, namespace?: string): Promise<boolean> {
  return (await client.get(typeOf(kind), namespace === undefined ? { name } : { name, namespace })) !== undefined;
}

async function owned(): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(
    ownedTypes.map((type) => client.list(type, { labelSelector: "meshwright.dev/install" })),
  );
  return lists.flatMap((list) => list.items);
}

/** Says what the Deployment and DaemonSet controllers and a kubelet would say: there are none here. */
async function pretendRollout(): Promise<void> {
  const counts: Record<string, object> = {
    "Deployment meshd-default": { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
    "DaemonSet meshwright-node-agent": {
      currentNumberScheduled: 1,
      desiredNumberScheduled: 1,
      numberMisscheduled: 0,
      numberReady: 1,
      updatedNumberScheduled: 1,
      numberAvailable: 1,
    },
  };
  for (const [id, count] of Object.entries(counts)) {
    const [kind = "", name = ""] = id.split(" ");
    const key = { name, namespace: "mesh-system" };
    await until(`${id} exists`, () => exists(kind, name, key.namespace), waiting);
    const object = await client.get(typeOf(kind), key);
    const status = { ...count, observedGeneration: object?.metadata.generation };
    await client.patch(typeOf(kind), key, { status }, { subresource: "status" });
  }
}

/** A server with the certificate that meshd would give itself. */
async function serveWebhook(): Promise<void> {
  const secret = await client.get<KubeObject & { data?: Record<string, string> }>(secretType, {
    name: "meshwright-ca",
    namespace: "mesh-system",
  });
  const text = (key: string): string => Buffer.from(secret?.data?.[key] ?? "", "base64").toString();
  const authority = readAuthority({
    certificatePem: text("tls.crt"),
    keyPem: text("tls.key"),
    rootsPem: text("ca.crt"),
  });
  const dnsNames = ["meshd-default.mesh-system.svc"];
  const { certificatePem, keyPem } = await issueServing(authority, {
    dnsNames,
    now: new Date(),
    lifetimeMs: 3_600_000,
  });
  webhook = createServer({ cert: certificatePem, key: keyPem }, (_request, response) => response.end("ok"));
  webhook.listen(webhookPort, "127.0.0.1");
}

describe("the MeshInstall API", () => {
  test("fills in every default", async () => {
    await createInstall("default");
    const { spec } = await readInstall("default");
    assert.equal(spec.version, "v1.1.0");
    assert.equal(spec.namespace, "mesh-system");
    assert.equal(spec.controlPlane.replicas, 2);
    assert.equal(spec.mesh.mtls, "Permissive");
    assert.equal(spec.nodeAgent.kubeletDir, "/var/lib/kubelet");
  });

  const refusals: Record<string, { spec: object; words: RegExp }> = {
    "a changed namespace": {
      spec: { namespace: "elsewhere" },
      words: /spec\.namespace is immutable.*"mesh-system".*"elsewhere".*delete/,
    },
    "a changed trust domain": {
      spec: { mesh: { trustDomain: "corp" } },
      words: /spec\.mesh\.trustDomain is immutable/,
    },
    "no replicas": {
      spec: { controlPlane: { replicas: 0 } },
      words: /spec\.controlPlane\.replicas.*greater than or equal to 1/,
    },
    "a relative kubelet directory": {
      spec: { nodeAgent: { kubeletDir: "lib/kubelet" } },
      words: /kubeletDir is "lib\/kubelet": set it to/,
    },
    "an unknown mode": { spec: { mesh: { mtls: "Sometimes" } }, words: /spec\.mesh\.mtls.*"Strict", "Permissive"/ },
  };
  for (const [name, { spec, words }] of Object.entries(refusals)) {
    test(`refuses ${name}`, async () => {
      await assert.rejects(patchSpec("default", spec), (error) => {
        assert.ok(isKubeError(error, "Invalid"), String(error));
        assert.match(error.message, words);
        return true;
      });
    });
  }

  test("refuses a name that makes no revision", async () => {
    await assert.rejects(createInstall("a.b"), (error) => isKubeError(error, "Invalid"));
  });
});

describe("the operator, with the rights of its deployment", () => {
  test("makes everything but the webhook, and says honestly what it waits for", async () => {
    const { message } = await condition("default", "Ready", "NodeAgentNotReady");
    assert.match(message, /DaemonSet "mesh-system\/meshwright-node-agent": its controller has not seen/);
    assert.match(message, /Deployment "mesh-system\/meshd-default"/);
    assert.equal((await readInstall("default")).status?.phase, "Installing");
    assert.equal(await exists("MutatingWebhookConfiguration", "meshwright-injector-default"), false);
    assert.equal(await exists("Secret", "meshwright-ca", "mesh-system"), true);
  });

  test("makes the webhook only once its server answers with a certificate that the root verifies", async () => {
    await pretendRollout();
    const { message } = await condition("default", "Ready", "WebhookNotReady");
    assert.match(message, /meshd-default\.mesh-system\.svc": connect ECONNREFUSED/);
    assert.equal(await exists("MutatingWebhookConfiguration", "meshwright-injector-default"), false);
    await serveWebhook();
    await condition("default", "Ready", "Ready");
    assert.equal(await exists("MutatingWebhookConfiguration", "meshwright-injector-default"), true);
    const { status } = await readInstall("default");
    assert.equal(status?.version, "v1.1.0");
    assert.equal(status?.phase, "Ready");
  });

  test("writes nothing when nothing has changed", async () => {
    const versions = async () => {
      const objects = [...(await owned()), await client.get(meshInstallType, { name: "default" })];
      return objects.map((object) => [object?.kind, object && keyOf(object), object?.metadata.resourceVersion]);
    };
    const first = await versions();
    // A namespace makes every install be reconciled; the change after it in the queue proves that this has happened.
    await client.create(namespaceType, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "wakes-the-operator" },
    });
    await putBack("Service", "meshd-default", { spec: { selector: { app: "other" } } }, "mesh-system");
    const second = (await versions()).filter(([kind]) => kind !== "Service" && kind !== "MeshInstall");
    assert.deepEqual(
      second,
      first.filter(([kind]) => kind !== "Service" && kind !== "MeshInstall"),
    );
  });

  /** Changes a managed object by hand and waits until the operator has undone it. */
  async function putBack(kind: string, name: string, change: object, namespace?: string): Promise<void> {
    const key = namespace === undefined ? { name } : { name, namespace };
    const own = async () => JSON.stringify({ ...(await client.get(typeOf(kind), key)), metadata: {}, status: {} });
    const before = await own();
    await client.patch(typeOf(kind), key, change);
    await until(`${kind} ${name} is put back`, async () => (await own()) === before, waiting);
  }

  test("puts back what somebody changes or deletes", async () => {
    await putBack("Deployment", "meshd-default", { spec: { replicas: 0 } }, "mesh-system");
    await putBack("ClusterRole", "meshwright-meshd-default-mesh-system", {
      rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
    });
    await client.delete(typeOf("CSIDriver"), { name: "identity.meshwright.dev" });
    await until("the CSIDriver is back", () => exists("CSIDriver", "identity.meshwright.dev"), waiting);
    await pretendRollout();
    await condition("default", "Ready", "Ready");
  });

  test("removes the disruption budget with the second replica", async () => {
    await patchSpec("default", { controlPlane: { replicas: 1 } });
    await until(
      "no budget",
      async () => !(await exists("PodDisruptionBudget", "meshd-default", "mesh-system")),
      waiting,
    );
    await patchSpec("default", { controlPlane: { replicas: 2 } });
    await until("a budget", () => exists("PodDisruptionBudget", "meshd-default", "mesh-system"), waiting);
  });

  test("refuses an unknown version with the known ones, and recovers", async () => {
    await patchSpec("default", { version: "v9.9.9" });
    const { message } = await condition("default", "Stalled", "UnknownVersion");
    assert.match(message, /spec\.version is "v9\.9\.9".*set it to one of v1\.1\.0, v1\.0\.0/);
    await patchSpec("default", { version: "v1.1.0" });
    await pretendRollout();
    await condition("default", "Ready", "Ready");
  });

  test("refuses a second MeshInstall, naming the first, and lets it go without touching anything", async () => {
    await createInstall("second", { namespace: "second-system" });
    const { message } = await condition("second", "Stalled", "Collision");
    assert.match(message, /belongs to the older MeshInstall "default"/);
    await client.delete(meshInstallType, { name: "second" });
    assert.equal(await client.get(meshInstallType, { name: "second" }), undefined);
    await condition("default", "Ready", "Ready");
  });

  test("does not make another root in silence when the Secret is gone", async () => {
    const key = { name: "meshwright-ca", namespace: "mesh-system" };
    const secret = await client.get<KubeObject & { data?: object }>(secretType, key);
    await client.delete(secretType, key);
    await condition("default", "Stalled", "CertificateAuthorityMissing");
    const { name, namespace, labels = {}, annotations = {} } = secret?.metadata ?? { name: "" };
    const restored = {
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/tls",
      metadata: { name, namespace, labels, annotations },
      data: secret?.data,
    };
    await client.apply(secretType, restored as KubeObject, manager);
    await condition("default", "Ready", "Ready");
  });

  test("tells what happened in Events, once", async () => {
    const seen = async () => {
      const { items } = await client.list<KubeObject & { reason?: string; regarding?: { name?: string } }>(events);
      return items.filter((event) => event.regarding?.name === "default").map((event) => event.reason);
    };
    await until("the Event Collision or Ready", async () => (await seen()).includes("Ready"), waiting);
  });
});

const meshedPod = { name: "meshed", namespace: "default" };

async function createMeshedPod(): Promise<void> {
  const volumes = [{ name: "meshwright", csi: { driver: "identity.meshwright.dev" } }];
  const spec = { containers: [{ name: "app", image: "app" }], volumes };
  await client.create(pods, { apiVersion: "v1", kind: "Pod", metadata: meshedPod, spec } as KubeObject);
}

async function untilGone(install: string): Promise<void> {
  const isGone = async () => (await client.get(meshInstallType, { name: install })) === undefined;
  await until(`the MeshInstall "${install}" is gone`, isGone, waiting);
}

describe("an uninstall", () => {
  test("is refused while a meshed pod runs, and names it", async () => {
    await createMeshedPod();
    await client.delete(meshInstallType, { name: "default" });
    const { message } = await condition("default", "Ready", "ProxiesRemain");
    assert.match(message, /pod default\/meshed .*spec\.uninstall\.force/);
    assert.equal((await readInstall("default")).status?.phase, "Uninstalling");
    assert.equal(await exists("Deployment", "meshd-default", "mesh-system"), true);
  });

  test("leaves nothing of ours behind once the pod is gone", async () => {
    await client.delete(pods, meshedPod, { gracePeriodSeconds: 0 });
    await untilGone("default");
    assert.deepEqual((await owned()).map(keyOf), []);
    assert.equal(await exists("Secret", "meshwright-ca", "mesh-system"), false);
    const namespace = await client.get(namespaceType, { name: "mesh-system" });
    assert.ok(namespace === undefined || namespace.metadata.deletionTimestamp !== undefined);
  });
});

describe("a forced uninstall", () => {
  const webhookConfiguration = ["MutatingWebhookConfiguration", "meshwright-injector-default"] as const;

  test("leaves the node agent for meshed pods, and the root for a new install", async () => {
    // Nobody finalizes a deleted namespace here, so the second mesh gets another.
    await createInstall("default", { namespace: "other-system" });
    await condition("default", "Ready", "NodeAgentNotReady");
    await createMeshedPod();
    await patchSpec("default", { uninstall: { force: true } });
    await client.delete(meshInstallType, { name: "default" });
    await untilGone("default");
    assert.equal(await exists(...webhookConfiguration), false);
    assert.equal(await exists("Deployment", "meshd-default", "other-system"), false);
    assert.equal(await exists("DaemonSet", "meshwright-node-agent", "other-system"), true);
    assert.equal(await exists("CSIDriver", "identity.meshwright.dev"), true);
    assert.equal(await exists("Secret", "meshwright-ca", "other-system"), true);
  });

  test("is taken up by the next MeshInstall, which can then remove everything", async () => {
    await createInstall("default", { namespace: "other-system" });
    await condition("default", "Ready", "NodeAgentNotReady");
    await client.delete(pods, meshedPod, { gracePeriodSeconds: 0 });
    await client.delete(meshInstallType, { name: "default" });
    await untilGone("default");
    assert.deepEqual((await owned()).map(keyOf), []);
  });
});

test("the operator gives its lease back when it ends", async () => {
  await operator.stop();
  const lease = await client.get<KubeObject & { spec?: { holderIdentity?: string } }>(leases, {
    name: "meshwright-operator",
    namespace: "meshwright-operator",
  });
  assert.equal(lease?.spec?.holderIdentity ?? "", "");
});
