import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import {
  applicationScrapeVariable,
  endpointFields,
  serviceFields,
  workloadVariables,
} from "@meshwright/contract/sidecar-metrics";
import { startEnvoy } from "@meshwright/testing/envoy";
import { bootstrap } from "./bootstrap.ts";
import { controlPlaneClusterName } from "./control-plane-cluster.ts";

const build = '# TYPE istio_build gauge\nistio_build{component="proxy",tag="v9"} 1\n';

/** What the admin interface says in these tests; series of all sorts. */
const envoySays = [
  "# TYPE envoy_istio_requests_total counter",
  'envoy_istio_requests_total{reporter="source",ends="web;web;v1;web;v1;shop|web.shop.svc.cluster.local;web;shop;Kubernetes|spiffe://a|-",response_code="200"} 1',
  'envoy_istio_requests_total{reporter="destination",ends="-|shop;unknown;InboundPassthroughCluster|-|-",response_code="200"} 2',
  "# TYPE envoy_istio_tcp_sent_bytes_total counter",
  'envoy_istio_tcp_sent_bytes_total{reporter="source",ends="-|-|-|-",response_flags="UH"} 3',
  "# TYPE envoy_server_uptime gauge",
  'envoy_server_uptime{of="envoy_istio_app"} 7',
  "",
].join("\n");

const own = (side: string): string =>
  `${side}_workload="mine",${side}_workload_namespace="shop",${side}_app="m\\"ine",${side}_version="unknown",${side}_canonical_service="mine",${side}_canonical_revision="v2",${side}_cluster="Kubernetes"`;

/** Of an endpoint and a Service that nothing is known of. */
const unknown = [
  ...endpointFields.map((field) => `destination_${field}`),
  ...serviceFields.map((field) => `destination_${field}`),
  "source_principal",
  "destination_principal",
]
  .map((label) => `${label}="unknown"`)
  .join(",");

const renamed = [
  "# TYPE istio_requests_total counter",
  `istio_requests_total{reporter="source",${own("source")},connection_security_policy="unknown",destination_workload="web",destination_app="web",destination_version="v1",destination_canonical_service="web",destination_canonical_revision="v1",destination_workload_namespace="shop",destination_service="web.shop.svc.cluster.local",destination_service_name="web",destination_service_namespace="shop",destination_cluster="Kubernetes",source_principal="spiffe://a",destination_principal="unknown",response_code="200"} 1`,
  `istio_requests_total{reporter="destination",${own("destination")},destination_service_namespace="shop",source_workload="unknown",source_app="unknown",source_version="unknown",source_canonical_service="unknown",source_canonical_revision="unknown",source_cluster="unknown",source_workload_namespace="shop",destination_service="unknown",destination_service_name="InboundPassthroughCluster",source_principal="unknown",destination_principal="unknown",response_code="200"} 2`,
  "# TYPE istio_tcp_sent_bytes_total counter",
  `istio_tcp_sent_bytes_total{reporter="source",${own("source")},connection_security_policy="unknown",${unknown},request_protocol="tcp",response_flags="UH"} 3`,
  "# TYPE envoy_server_uptime gauge",
  'envoy_server_uptime{of="envoy_istio_app"} 7',
  "",
].join("\n");

/** The environment of a sidecar; one variable is missing, and one has what a label's value cannot have. */
const environment = {
  MESHWRIGHT_VERSION: "v9",
  [workloadVariables.namespace]: "shop",
  [workloadVariables.workload]: "mine",
  [workloadVariables.app]: 'm"ine',
  [workloadVariables.canonicalService]: "mine",
  [workloadVariables.canonicalRevision]: "v2",
  [workloadVariables.cluster]: "Kubernetes",
};

async function serve(listener: RequestListener, address = "127.0.0.1") {
  const server = createServer(listener).listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => server.close().closeAllConnections() };
}

interface World {
  /** In place of Envoy's own admin interface. */
  readonly admin: RequestListener;
  /** Absent: no annotations say anything about the application. */
  readonly application?: { readonly port: number; readonly path?: string };
}

/** A sidecar without a control plane, whose admin interface is another's. */
async function startSidecar({ admin, application }: World) {
  await using stack = new AsyncDisposableStack();
  const { port } = stack.use(await serve(admin));
  const full = bootstrap({ revision: "default", namespace: "m", probes: [], stack: "dual", nameservers: [] });
  const text = JSON.stringify(full)
    .replaceAll(/"port_value":(15020|15021|15090)/g, '"port_value":0')
    .replaceAll('"port_value":15000', `"port_value":${port}`);
  const json = withoutControlPlane(JSON.parse(text) as Bootstrap);
  const scrape = application && { scrape: "true", path: application.path ?? "/metrics", port: `${application.port}` };
  const variables = {
    ...environment,
    ...(scrape && { [applicationScrapeVariable]: JSON.stringify(scrape) }),
  };
  const envoy = stack.use(await startEnvoy(json, { variables }));
  const get = async (listener: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const url = `http://127.0.0.1:${await envoy.port(listener)}/stats/prometheus`;
    const response = await fetch(url, { headers });
    return response.ok ? response.text() : `${response.status}`;
  };
  const opened = stack.move();
  return { get, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

interface Bootstrap {
  readonly static_resources: { readonly listeners: JsonValue; readonly clusters: readonly JsonObject[] };
}

function withoutControlPlane({ static_resources: { listeners, clusters } }: Bootstrap): JsonObject {
  return { static_resources: { listeners, clusters: clusters.filter(({ name }) => name !== controlPlaneClusterName) } };
}

const says =
  (text: string): RequestListener =>
  (_request, response) =>
    response.end(text);

const success = (value: number): string =>
  `# TYPE meshwright_application_scrape_success gauge\nmeshwright_application_scrape_success ${value}\n`;

describe("a sidecar's answer to Prometheus", () => {
  for (const listener of ["stats", "agent"])
    test(`has Istio's metrics under their names, and all others as they are, on the listener ${listener}`, async () => {
      await using sidecar = await startSidecar({ admin: says(envoySays) });
      assert.equal(await sidecar.get(listener), build + renamed);
    });

  test("has every line, however long it is and wherever its pieces end", async () => {
    const labels = 'ends="w;a;v1;w;v1;shop|h;s;shop;c|a|b"';
    const line = (index: number): string => `envoy_istio_requests_total{reporter="source",${labels},n="${index}"} 1\n`;
    const count = 100_000;
    const all = Array.from({ length: count }, (_, index) => line(index)).join("");
    // Every piece but the last ends within a line.
    const pieces = all.match(/[^]{1,50021}/g) ?? [];
    const admin: RequestListener = (_request, response) => void Readable.from(pieces).pipe(response);
    await using sidecar = await startSidecar({ admin });
    const lines = (await sidecar.get("agent")).split("\n").slice(2, -1);
    assert.equal(lines.length, count);
    const isRight = (text: string, index: number): boolean =>
      text.startsWith('istio_requests_total{reporter="source",source_workload="mine",') &&
      text.endsWith(`,n="${index}"} 1`);
    assert.equal(
      lines.find((text, index) => !isRight(text, index)),
      undefined,
    );
  });

  test("says what went wrong when Envoy does not answer", async () => {
    await using sidecar = await startSidecar({ admin: (_request, response) => response.writeHead(500).end("x") });
    assert.equal(await sidecar.get("agent"), "500");
  });
});

describe("the application's own metrics", () => {
  test("stand before the sidecar's, where the pod's annotations name them", async () => {
    const asked: IncomingMessage[] = [];
    await using app = await serve((request, response) => {
      asked.push(request);
      response.end("app_orders_total 3\n");
    });
    await using sidecar = await startSidecar({
      admin: says(envoySays),
      application: { port: app.port, path: "/own?format=prometheus" },
    });
    assert.equal(await sidecar.get("agent"), `app_orders_total 3\n${success(1)}${build}${renamed}`);
    const [request] = asked;
    assert.equal(request?.url, "/own?format=prometheus");
    assert.equal(request?.headers.accept, "text/plain;version=0.0.4");
    assert.equal(request?.socket.remoteAddress, "127.0.0.6");
  });

  test("stay out of the listener of Envoy's own statistics", async () => {
    await using app = await serve(says("app_orders_total 3\n"));
    await using sidecar = await startSidecar({ admin: says(envoySays), application: { port: app.port } });
    assert.equal(await sidecar.get("stats"), build + renamed);
  });

  test("may be of many megabytes, beside as many of Envoy's", async () => {
    const mine = "app_series{} 1\n".repeat(400_000);
    const envoys = "envoy_x{} 1\n".repeat(400_000);
    await using app = await serve(says(mine));
    await using sidecar = await startSidecar({ admin: says(envoys), application: { port: app.port } });
    const text = await sidecar.get("agent");
    assert.equal(text.length, mine.length + success(1).length + build.length + envoys.length);
  });

  test("end neither the answer nor its last line too early", async () => {
    await using app = await serve(says("# TYPE orders counter\norders_total 3\n# EOF\n"));
    await using other = await serve(says("orders_total 3"));
    for (const [{ port }, text] of [
      [app, "# TYPE orders counter\norders_total 3\n"],
      [other, "orders_total 3\n"],
    ] as const) {
      await using sidecar = await startSidecar({ admin: says(envoySays), application: { port } });
      assert.equal(await sidecar.get("agent"), `${text}${success(1)}${build}${renamed}`);
    }
  });

  test("are missed without a loss of the sidecar's, when the application fails, is away, or takes its time", async () => {
    await using failing = await serve((_request, response) => response.writeHead(503).end("no"));
    await using silent = await serve(() => undefined);
    for (const port of [failing.port, silent.port, 1]) {
      await using sidecar = await startSidecar({ admin: says(envoySays), application: { port } });
      const headers = { "x-prometheus-scrape-timeout-seconds": "0.5" };
      assert.equal(await sidecar.get("agent", headers), `${success(0)}${build}${renamed}`);
    }
  });
});
