import assert from "node:assert/strict";
import type { Server } from "node:https";
import { after, before, describe, test } from "node:test";
import { isKubeError } from "@meshwright/kube/kube-error";
import { events, leases, typed } from "@meshwright/kube/resource-types";
import { type KubeObject, keyOf } from "@meshwright/kube/types";
import { until } from "@meshwright/testing/until";
import { namespaceType, secretType } from "./api/managed-types.ts";
import { Mesh, waiting } from "./testdata/mesh.ts";
import { serveWebhook } from "./testdata/serve-webhook.ts";
import { type Site, startSite } from "./testdata/site.ts";

interface Secret extends KubeObject {
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

interface Told extends KubeObject {
  readonly regarding: { readonly name?: string };
  readonly type: string;
  readonly reason: string;
  readonly note: string;
}

interface Lease extends KubeObject {
  readonly spec: { readonly holderIdentity?: string };
}

let site: Site;
let mesh: Mesh;
let webhook: Server | undefined;

before(async () => {
  site = await startSite();
  mesh = new Mesh(site.client);
});

after(async () => {
  webhook?.close();
  await site?.stop();
});

describe("the MeshInstall API", () => {
  test("keeps what neither a newer operator nor another profile may change, and leaves the rest to the profile", async () => {
    await mesh.install("default");
    const { spec } = await mesh.read("default");
    const updateStrategy = { type: "InPlace", inactiveRevisionDeletionGracePeriodSeconds: 30 };
    const trust = { trustDomain: "cluster.local", clusterDomain: "cluster.local" };
    const persisted = { version: "v1.1.0", namespace: "mesh-system", profile: "default", updateStrategy, mesh: trust };
    assert.deepEqual(spec, persisted);
  });

  test("shows every setting that holds, and where it comes from", async () => {
    const settings = async () => (await mesh.read("default")).status?.settings ?? [];
    await until("the settings", async () => (await settings()).length > 0, waiting);
    const found = new Map((await settings()).map(({ field, value, source }) => [field, `${value} ${source}`]));
    assert.equal(found.get("controlPlane.replicas"), "2 Default");
    assert.equal(found.get("mesh.mtls"), '"Permissive" Default');
    assert.equal(found.get("version"), '"v1.1.0" MeshInstall');
    await mesh.patchSpec("default", { profile: "demo" });
    const log = async () => (await settings()).find(({ field }) => field === "mesh.accessLog");
    await until("the profile's setting", async () => (await log())?.source === "Profile", waiting);
    assert.equal((await log())?.value, "true");
    await mesh.patchSpec("default", { profile: "default" });
    await until("the default again", async () => (await log())?.source === "Default", waiting);
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
    "a CNI folder that is no path": {
      spec: { cni: { cniBinDir: "cni/bin" } },
      words: /cniBinDir is "cni\/bin": set it to/,
    },
    "an unknown mode": { spec: { mesh: { mtls: "Sometimes" } }, words: /spec\.mesh\.mtls.*"Strict", "Permissive"/ },
  };
  for (const [name, { spec, words }] of Object.entries(refusals)) {
    test(`refuses ${name}`, async () => {
      await assert.rejects(mesh.patchSpec("default", spec), (error) => {
        assert.ok(isKubeError(error, "Invalid"), String(error));
        assert.match(error.message, words);
        return true;
      });
    });
  }

  test("refuses a name that makes no revision", async () => {
    await assert.rejects(mesh.install("a.b"), (error) => isKubeError(error, "Invalid"));
  });
});

describe("the operator, with the rights of its deployment", () => {
  test("makes everything but the webhook, and says honestly what it waits for", async () => {
    const { message } = await mesh.condition("default", "Ready", "NodeAgentNotReady");
    assert.match(message, /DaemonSet "mesh-system\/meshwright-node-agent": its controller has not seen/);
    assert.match(message, /Deployment "mesh-system\/meshd-default"/);
    assert.equal((await mesh.read("default")).status?.phase, "Installing");
    assert.equal(await mesh.exists("MutatingWebhookConfiguration", "meshwright-injector-default"), false);
    assert.equal(await mesh.exists("Secret", "meshwright-ca", "mesh-system"), true);
  });

  test("makes the webhook only once its server answers with a certificate that the root verifies", async () => {
    await mesh.completeRollouts();
    const { message } = await mesh.condition("default", "Ready", "WebhookNotReady");
    assert.match(message, /meshd-default\.mesh-system\.svc": connect ECONNREFUSED/);
    assert.equal(await mesh.exists("MutatingWebhookConfiguration", "meshwright-injector-default"), false);
    webhook = await serveWebhook(site, "default");
    await mesh.condition("default", "Ready", "Ready");
    assert.equal(await mesh.exists("MutatingWebhookConfiguration", "meshwright-injector-default"), true);
    const { status } = await mesh.read("default");
    assert.equal(status?.version, "v1.1.0");
    assert.equal(status?.phase, "Ready");
  });

  test("writes nothing when nothing has changed", async () => {
    const versions = async () => {
      const objects = [...(await mesh.owned()), await mesh.read("default")];
      return objects.map((object) => `${object.kind} ${keyOf(object)} ${object.metadata.resourceVersion}`);
    };
    const first = await versions();
    const reconciles = await site.reconciles();
    // A change of any namespace makes every install be reconciled.
    await site.client.create(namespaceType, { apiVersion: "v1", kind: "Namespace", metadata: { name: "any" } });
    await until("another reconcile", async () => (await site.reconciles()) > reconciles, waiting);
    assert.deepEqual(await versions(), first);
  });

  test("puts back what somebody changes or deletes", async () => {
    const everything = { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] };
    await mesh.untilPutBack(everything, "ClusterRole", "meshwright-meshd-default-mesh-system");
    await mesh.untilPutBack({ spec: { selector: { app: "other" } } }, "Service", "meshd-default", "mesh-system");
    await mesh.untilPutBack({ spec: { replicas: 0 } }, "Deployment", "meshd-default", "mesh-system");
    await mesh.remove("CSIDriver", "identity.meshwright.dev");
    await until("the CSIDriver is back", () => mesh.exists("CSIDriver", "identity.meshwright.dev"), waiting);
    await mesh.completeRollouts();
    await mesh.condition("default", "Ready", "Ready");
  });

  test("removes the disruption budget with the second replica", async () => {
    await mesh.patchSpec("default", { controlPlane: { replicas: 1 } });
    await until(
      "no budget",
      async () => !(await mesh.exists("PodDisruptionBudget", "meshd-default", "mesh-system")),
      waiting,
    );
    await mesh.patchSpec("default", { controlPlane: { replicas: 2 } });
    await until("a budget", () => mesh.exists("PodDisruptionBudget", "meshd-default", "mesh-system"), waiting);
  });

  test("keeps the CNI plugin on the nodes for the pods that rely on it", async () => {
    const stage = async () => (await mesh.nodeAgent()).annotations["meshwright.dev/cni"];
    await mesh.patchSpec("default", { cni: { enabled: true } });
    await until("agents that bring the plugin", async () => (await stage()) === "enabled", waiting);
    await mesh.completeRollouts();
    await mesh.condition("default", "Ready", "Ready");
    await assert.rejects(
      mesh.patchSpec("default", { cni: { cniBinDir: "/usr/lib/cni" } }),
      (error) => isKubeError(error, "Invalid") && /cannot change while spec\.cni\.enabled is true/.test(error.message),
    );

    await mesh.createMeshedPod({ redirect: "cni" });
    await mesh.patchSpec("default", { cni: { enabled: false } });
    const noted = async () => (await mesh.condition("default", "Ready", "Ready")).message;
    await until("the pod in the message", async () => (await noted()).includes("for pod default/meshed,"), waiting);
    assert.equal(await stage(), "enabled");

    await mesh.deleteMeshedPod();
    await until("agents that take the plugin away", async () => (await stage()) === "removing", waiting);
    await mesh.completeRollouts();
    await until("agents without the plugin", async () => (await stage()) === undefined, waiting);
    await mesh.completeRollouts();
    await mesh.condition("default", "Ready", "Ready");
  });

  test("refuses an unknown version with the known ones, and recovers", async () => {
    await mesh.patchSpec("default", { version: "v9.9.9" });
    const { message } = await mesh.condition("default", "Stalled", "UnknownVersion");
    assert.match(message, /spec\.version is "v9\.9\.9".*set it to one of v1\.1\.0, v1\.0\.0/);
    await mesh.patchSpec("default", { version: "v1.1.0" });
    await mesh.completeRollouts();
    await mesh.condition("default", "Ready", "Ready");
  });

  test("shows what the API server says of settings that only it can judge, and recovers", async () => {
    const resources = { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } };
    await mesh.patchSpec("default", { controlPlane: { resources } });
    const { message } = await mesh.condition("default", "Stalled", "ApplyFailed");
    assert.match(message, /Deployment "mesh-system\/meshd-default".*must be less than or equal to memory limit/);
    await mesh.patchSpec("default", { controlPlane: { resources: null } });
    await mesh.completeRollouts();
    await mesh.condition("default", "Ready", "Ready");
  });

  test("refuses a second MeshInstall, naming the first, and lets it go without touching anything", async () => {
    await mesh.install("second", { namespace: "second-system" });
    const { message } = await mesh.condition("second", "Stalled", "Collision");
    assert.match(message, /belongs to the older MeshInstall "default"/);
    await mesh.uninstall("second");
    assert.equal(await mesh.find("second"), undefined);
    await mesh.condition("default", "Ready", "Ready");
  });

  test("does not make another root in silence when the Secret is gone", async () => {
    const key = { name: "meshwright-ca", namespace: "mesh-system" };
    const secret = await site.client.get(typed<Secret>(secretType), key);
    assert.ok(secret !== undefined);
    await site.client.delete(secretType, key);
    await mesh.condition("default", "Stalled", "CertificateAuthorityMissing");
    const { apiVersion, kind, type, data, metadata } = secret;
    const { labels = {}, annotations = {} } = metadata;
    await site.client.create(typed<Secret>(secretType), {
      apiVersion,
      kind,
      type,
      data,
      metadata: { ...key, labels, annotations },
    });
    await mesh.condition("default", "Ready", "Ready");
  });

  test("tells what happened in Events, each fact once", async () => {
    const notes = async () => {
      const { items } = await site.client.list(typed<Told>(events));
      return items
        .filter(({ regarding }) => regarding.name === "default")
        .map(({ type, reason, note }) => `${reason} ${note} (${type})`);
    };
    await until(
      "the Event of the missing Secret",
      async () => (await notes()).some((n) => n.startsWith("CertificateAuthorityMissing")),
      waiting,
    );
    const found = await notes();
    assert.deepEqual(found.toSorted(), [...new Set(found)].toSorted());
  });
});

describe("an uninstall", () => {
  test("is refused while a meshed pod runs, and names it", async () => {
    await mesh.createMeshedPod();
    await mesh.uninstall("default");
    const { message } = await mesh.condition("default", "Ready", "ProxiesRemain");
    assert.match(message, /pod default\/meshed .*spec\.uninstall\.force/);
    assert.equal((await mesh.read("default")).status?.phase, "Uninstalling");
    assert.equal(await mesh.exists("Deployment", "meshd-default", "mesh-system"), true);
  });

  test("leaves nothing of ours behind once the pod is gone", async () => {
    await mesh.deleteMeshedPod();
    await mesh.untilGone("default");
    assert.deepEqual((await mesh.owned()).map(keyOf), []);
    assert.equal(await mesh.exists("Secret", "meshwright-ca", "mesh-system"), false);
    const namespace = await site.client.get(namespaceType, { name: "mesh-system" });
    assert.ok(namespace === undefined || namespace.metadata.deletionTimestamp !== undefined);
  });
});

describe("a forced uninstall", () => {
  const webhookConfiguration = ["MutatingWebhookConfiguration", "meshwright-injector-default"] as const;

  test("leaves the node agent for meshed pods, and the root for a new install", async () => {
    // Nobody finalizes a deleted namespace here, so the second mesh gets another.
    await mesh.install("default", { namespace: "other-system" });
    await mesh.condition("default", "Ready", "NodeAgentNotReady");
    await mesh.createMeshedPod();
    await mesh.patchSpec("default", { uninstall: { force: true } });
    await mesh.uninstall("default");
    await mesh.untilGone("default");
    assert.equal(await mesh.exists(...webhookConfiguration), false);
    assert.equal(await mesh.exists("Deployment", "meshd-default", "other-system"), false);
    assert.equal(await mesh.exists("DaemonSet", "meshwright-node-agent", "other-system"), true);
    assert.equal(await mesh.exists("CSIDriver", "identity.meshwright.dev"), true);
    assert.equal(await mesh.exists("Secret", "meshwright-ca", "other-system"), true);
  });

  test("is taken up by the next MeshInstall, which can then remove everything", async () => {
    await mesh.install("default", { namespace: "other-system" });
    await mesh.condition("default", "Ready", "NodeAgentNotReady");
    await mesh.deleteMeshedPod();
    await mesh.uninstall("default");
    await mesh.untilGone("default");
    assert.deepEqual((await mesh.owned()).map(keyOf), []);
  });
});

test("the operator gives its lease back when it ends", async () => {
  await site.operator.stop();
  const lease = await site.client.get(typed<Lease>(leases), {
    name: "meshwright-operator",
    namespace: "meshwright-operator",
  });
  assert.equal(lease?.spec.holderIdentity ?? "", "");
});
