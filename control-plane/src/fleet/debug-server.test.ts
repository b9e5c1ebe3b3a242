import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parseFleetLine } from "@meshwright/contract/fleet-lines";
import { createAuthority } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { endpoints } from "./endpoints.ts";
import { connectProxy, connectRejecting } from "./testdata/connected.ts";
import { keysOf, startTestServer, type TestServer } from "./testdata/test-server.ts";

let server: TestServer;

before(async () => {
  server = await startTestServer();
  server.table.add(connectRejecting("web-1", "shop"));
  server.table.add(connectProxy("db-1", "data").connected);
  server.registry.setService("shop/web", {
    namespace: "shop",
    name: "web",
    addressing: { kind: "virtual", addresses: ["198.19.0.7"] },
    ports: [{ name: "http", port: 80, protocol: "http", targetPort: { kind: "number", port: 8080 } }],
    selector: { app: "web" },
  });
  server.registry.setService("data/db", {
    namespace: "data",
    name: "db",
    addressing: { kind: "headless" },
    ports: [],
    selector: {},
  });
  server.registry.setEndpointSlice("shop/web-x", {
    namespace: "shop",
    name: "web-x",
    service: "web",
    ports: [{ name: "http", port: 8080 }],
    endpoints: [
      { address: "198.18.128.5", isReady: true, zone: "a", target: { kind: "pod", key: "shop/web-1", uid: "1" } },
    ],
  });
  server.registry.setPeerAuthentication("data/strict", {
    name: "strict",
    createdAt: "2030-01-01T00:00:00Z",
    mode: "strict",
    scope: { kind: "workload", namespace: "data", labels: { app: "db" }, portModes: new Map([[9000, "disabled"]]) },
  });
});
after(() => server[Symbol.asyncDispose]());

/** Body of an answer, as what it must be. */
async function json(token: string, path: string): Promise<unknown> {
  const { status, body } = await server.as(token, path);
  assert.equal(status, 200, body);
  const value: unknown = JSON.parse(body);
  return value;
}

/** Kinds and pods of the fleet view's lines. */
function outline(body: string): readonly string[] {
  return body
    .trimEnd()
    .split("\n")
    .map(parseFleetLine)
    .map((parsed) => {
      if (parsed.kind === "invalid") return parsed.detail;
      const { line } = parsed;
      if (line.kind === "proxy") return line.pod;
      return line.kind === "end" ? `end of ${line.proxies}` : line.replica;
    });
}

describe("the fleet view", () => {
  test("tells the operator of every proxy, and when it is complete", async () => {
    const { body, headers } = await server.as("operator", "/fleet");
    assert.equal(headers["content-type"], "application/x-ndjson");
    assert.deepEqual(outline(body), ["meshd-1", "web-1", "db-1", "end of 2"]);
  });

  test("tells a workload of its own namespace", async () =>
    assert.deepEqual(outline((await server.as("shop", "/fleet")).body), ["meshd-1", "web-1", "end of 1"]));

  test("knows a workload by its certificate", async () => {
    const { status, body } = await server.ask("/fleet", { ...(await keysOf(server.authority, "data")) });
    assert.deepEqual([status, outline(body)], [200, ["meshd-1", "db-1", "end of 1"]]);
  });
});

describe("Istio's debug paths", () => {
  test("syncz has the nonces of each proxy", async () => {
    const [web] = (await json("shop", "/debug/syncz")) as Record<string, string>[];
    assert.deepEqual(web, {
      cluster_id: "Kubernetes",
      proxy: "web-1.shop",
      proxy_type: "sidecar",
      proxy_version: "1.40.0",
      istio_version: "v1.1.0",
      cluster_sent: "3",
      cluster_acked: "3",
    });
  });

  test("connections and adsz have who is connected", async () => {
    const all = (await json("operator", "/debug/connections")) as { totalClients: number; clients: object[] };
    assert.deepEqual([all.totalClients, all.clients.length], [2, 2]);
    const one = await json("operator", "/debug/adsz?proxyID=db-1.data");
    assert.equal((one as { totalClients: number }).totalClients, 1);
  });

  test("registryz has the Services", async () => {
    assert.deepEqual(await json("shop", "/debug/registryz"), [
      {
        Attributes: {
          ServiceRegistry: "Kubernetes",
          Name: "web",
          Namespace: "shop",
          LabelSelectors: { app: "web" },
        },
        hostname: "web.shop.svc.cluster.local",
        ports: [{ name: "http", port: 80, protocol: "http" }],
        clusterVIPs: { Addresses: { Kubernetes: ["198.19.0.7"] } },
      },
    ]);
  });

  test("endpointz has the endpoints of each port", async () => {
    const [port] = (await json("operator", "/debug/endpointz?namespace=shop")) as { svc: string; ep: unknown[] }[];
    assert.equal(port?.svc, "web.shop.svc.cluster.local:http");
    assert.deepEqual(port.ep, [
      {
        endpoint: {
          Addresses: ["198.18.128.5"],
          EndpointPort: 8080,
          ServicePortName: "http",
          Namespace: "shop",
          WorkloadName: "web-1",
          Locality: { Label: "a" },
          HealthStatus: "Healthy",
        },
      },
    ]);
  });

  test("configz has the policies as they were written", async () => {
    assert.deepEqual(await json("operator", "/debug/configz"), [
      {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        metadata: { namespace: "data", name: "strict", creationTimestamp: "2030-01-01T00:00:00Z" },
        spec: {
          selector: { matchLabels: { app: "db" } },
          mtls: { mode: "STRICT" },
          portLevelMtls: { "9000": { mode: "DISABLE" } },
        },
      },
    ]);
    assert.deepEqual(await json("shop", "/debug/configz"), []);
  });

  test("config_dump has what the proxy is meant to have, in Envoy's form", async () => {
    const dump = (await json("shop", "/debug/config_dump?proxyID=web-1.shop")) as {
      configs: Record<string, unknown>[];
    };
    const clusters = dump.configs.find((config) => String(config["@type"]).endsWith("ClustersConfigDump"));
    const [first] = (clusters?.["dynamic_active_clusters"] ?? []) as { cluster: object }[];
    assert.deepEqual(first?.cluster, { "@type": typeUrls.cluster, name: "good" });
    assert.match(JSON.stringify(dump), /SecretsConfigDump.*ROOTCA/);
    assert.doesNotMatch(JSON.stringify(dump), /EndpointsConfigDump/);
  });

  test("list names every path", async () => {
    const listed = (await json("shop", "/debug/list")) as { path: string }[];
    assert.deepEqual(
      listed.map(({ path }) => path),
      endpoints.map(({ path }) => path),
    );
  });
});

describe("the debug port", () => {
  test("shows a renewed certificate and trusts its roots", async () => {
    await using other = await startTestServer();
    const authority = await createAuthority();
    await other.renew(authority);
    const { status } = await other.ask("/fleet", { ca: authority.rootsPem, ...(await keysOf(authority, "shop")) });
    assert.equal(status, 200);
  });
});
