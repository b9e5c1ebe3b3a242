import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { controlPlaneHost } from "@meshwright/contract/volume";
import { type EventObject, eventType } from "@meshwright/kube/event-object";
import { endpointSlices, namespaces, secrets, services, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import { silentLogger } from "@meshwright/log/logger";
import { Mesh, waiting } from "@meshwright/operator/testdata/mesh";
import { type Site, startSite } from "@meshwright/operator/testdata/site";
import { type Authority, readAuthority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { until } from "@meshwright/testing/until";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { ProxyTable } from "../serve/proxy-table.ts";
import { startDebugServer } from "./debug-server.ts";
import { kubeReviewer } from "./kube-reviewer.ts";
import { Registry } from "./registry.ts";
import { rememberReviews } from "./reviews.ts";
import { sourcesOf } from "./sources.ts";
import { connectProxy, connectRejecting } from "./testdata/connected.ts";

interface Secret extends KubeObject {
  readonly data: Readonly<Record<string, string>>;
}

interface Service extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly message: string }[] };
}

interface EndpointSlice extends KubeObject {
  readonly addressType: string;
  readonly endpoints: readonly object[];
  readonly ports: readonly object[];
}

const web = { name: "web", namespace: "shop" };

describe("the operator, with the rights of its deployment", () => {
  let site: Site;
  let mesh: Mesh;
  const table = new ProxyTable();
  const asked: string[] = [];
  let replica = new AbortController();

  before(async () => {
    site = await startSite();
    mesh = new Mesh(site.client);
    await mesh.install("default");
    await mesh.condition("default", "Ready", "NodeAgentNotReady");
    await createService(site);
  });
  after(async () => {
    replica.abort();
    await site?.stop();
  });

  /** The debug port as meshd serves it, asking the API server who the operator is and what it may see. */
  async function startReplica(): Promise<void> {
    replica = new AbortController();
    const authority = await readRoot(site);
    const { certificatePem, keyPem } = await issueServing(authority, {
      dnsNames: [controlPlaneHost("default", "mesh-system")],
      now: new Date(),
      lifetimeMs: 3_600_000,
    });
    const certificate = { certificate: certificatePem, privateKey: keyPem, roots: authority.rootsPem };
    await startDebugServer(certificate, {
      port: site.debugPort,
      host: "127.0.0.1",
      reviewer: rememberReviews(kubeReviewer(site.client)),
      trustDomain: () => "cluster.local",
      sources: sourcesOf({
        table,
        registry: new Registry(() => undefined),
        replica: () => ({
          kind: "replica",
          replica: "meshd-1",
          revision: "default",
          version: "v1.1.0",
          trustBundle: "hash",
        }),
        clusterDomain: () => "cluster.local",
      }),
      onAnswer: (result) => asked.push(result),
      logger: silentLogger,
      signal: replica.signal,
    });
  }

  const proxies = async () => (await mesh.read("default")).status?.proxies;
  const marks = async () =>
    ((await site.client.get(typed<Service>(services), web))?.status?.conditions ?? []).filter(
      ({ type }) => type === "meshwright.dev/Rejected",
    );
  const eventsOfWeb = async (reason: string): Promise<readonly EventObject[]> =>
    (await site.client.list(eventType, { namespace: "shop" })).items.filter((event) => event.reason === reason);

  test("knows of nothing before a replica serves", async () => {
    await mesh.condition("default", "ProxiesHealthy", "NoReplica");
    assert.equal(await proxies(), undefined);
  });

  test("does not take a replica that does not answer for one without proxies", async () => {
    await createSlice(site);
    const { status, message } = await mesh.condition("default", "ProxiesHealthy", "ReplicaSilent");
    assert.equal(status, "Unknown");
    assert.match(message, /^replica "meshd-1": .*ECONNREFUSED/);
    assert.equal(await proxies(), undefined);
  });

  const forget: (() => void)[] = [];

  test("counts proxies, and names the object that one rejects, in the status and on the object itself", async () => {
    const good = connectProxy("good-1", "shop");
    good.ask({ type: typeUrls.cluster });
    good.ask({ type: typeUrls.cluster, nonce: "1" });
    table.add(good.connected);
    forget.push(table.add(connectRejecting("web-1", "shop")));
    await startReplica();
    const { message } = await mesh.condition("default", "ProxiesHealthy", "ProxiesReject");
    assert.equal(message, 'proxies reject "bad", made of Service "shop/web": bad: not a cluster');
    assert.deepEqual(await proxies(), {
      connected: 2,
      onTarget: 1,
      stale: 0,
      versions: [{ version: "unknown", proxies: 2 }],
      rejecting: 1,
      rejected: [{ objects: ['Service "shop/web"'], resource: "bad", message: "bad: not a cluster" }],
    });
    await until("a condition of the Service", async () => (await marks()).length === 1, waiting);
    assert.equal((await marks())[0]?.message, 'proxies reject "bad": bad: not a cluster');
    await until("an Event", async () => (await eventsOfWeb("ProxiesReject")).length === 1, waiting);
    const [event] = await eventsOfWeb("ProxiesReject");
    const service = await site.client.get(services, web);
    assert.equal(event?.regarding["uid"], service?.metadata.uid);
  });

  test("writes nothing while nothing changes", async () => {
    const versions = async () => [
      (await mesh.read("default")).metadata.resourceVersion,
      (await site.client.get(services, web))?.metadata.resourceVersion,
    ];
    const before = await versions();
    const rounds = asked.length + 2;
    await until("two more rounds", () => asked.length >= rounds, waiting);
    assert.deepEqual(await versions(), before);
    assert.deepEqual([...new Set(asked)], ["Answered"]);
  });

  test("leaves other conditions of the object alone, and takes its own away once nobody rejects", async () => {
    const conditions = [
      { type: "Other", status: "True", reason: "Mine", message: "", lastTransitionTime: "2030-01-01T00:00:00Z" },
    ];
    const { apiVersion, kind } = (await site.client.get(services, web)) ?? { apiVersion: "", kind: "" };
    const body = { apiVersion, kind, metadata: web, spec: {}, status: { conditions } };
    const options = { fieldManager: "another", subresource: "status" } as const;
    await site.client.apply(typed<KubeObject & { status: object }>(services), body, options);
    for (const dispose of forget) dispose();
    await mesh.condition("default", "ProxiesHealthy", "ProxiesAcknowledge");
    await until("no condition of ours", async () => (await marks()).length === 0, waiting);
    await until("an Event", async () => (await eventsOfWeb("ProxiesAcknowledge")).length === 1, waiting);
    const left = (await site.client.get(typed<Service>(services), web))?.status?.conditions ?? [];
    assert.deepEqual(
      left.map(({ type }) => type),
      ["Other"],
    );
  });

  test("says Unknown when the replica falls silent, not zero", async () => {
    replica.abort();
    await mesh.condition("default", "ProxiesHealthy", "ReplicaSilent");
    assert.equal(await proxies(), undefined);
  });
});

async function createService({ client }: Site): Promise<void> {
  await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
  await client.create(typed<Service>(services), { apiVersion: "v1", kind: "Service", metadata: web, spec });
}

/** What the controllers would make of a running replica. */
async function createSlice({ client }: Site): Promise<void> {
  await client.create(typed<EndpointSlice>(endpointSlices), {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "meshd-default-x",
      namespace: "mesh-system",
      labels: { "kubernetes.io/service-name": "meshd-default" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: ["198.18.128.9"], targetRef: { kind: "Pod", name: "meshd-1" } }],
    ports: [{ name: "https-debug", port: 15016, protocol: "TCP" }],
  });
}

async function readRoot({ client }: Site): Promise<Authority> {
  const secret = await client.get(typed<Secret>(secrets), { name: "meshwright-ca", namespace: "mesh-system" });
  const text = (key: string): string => Buffer.from(secret?.data[key] ?? "", "base64").toString();
  return readAuthority({ certificatePem: text("tls.crt"), keyPem: text("tls.key"), rootsPem: text("ca.crt") });
}
