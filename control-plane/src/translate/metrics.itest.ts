import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "@meshwright/testing/until";
import { limits } from "./metrics/stats-logger.ts";
import { Bed, goneAddress, virtualAddresses } from "./testdata/bed.ts";
import type { Pod } from "./testdata/pod.ts";
import { readSeries, type Series } from "./testdata/scrape.ts";

const bed = new Bed();
const { client, server, plain } = bed;
before(() => bed.start());
after(() => bed[Symbol.asyncDispose]());

type Labels = Readonly<Record<string, string>>;

const web = virtualAddresses.ipv4;
const principal = (account: string): string => `spiffe://cluster.local/ns/shop/sa/${account}`;

/** Labels of one end, as far as they do not say who proved what. */
function end(of: "source" | "destination", workload: string): Labels {
  const names = { workload, app: workload, canonical_service: workload };
  const isKnown = workload !== "unknown";
  const versions = { version: isKnown ? "v1" : workload, canonical_revision: isKnown ? "v1" : workload };
  const all = { ...names, ...versions, workload_namespace: isKnown ? "shop" : workload };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${of}_${name}`, value]));
}

function service(name: string, cluster = "Kubernetes"): Labels {
  const host = `${name}.shop.svc.cluster.local`;
  return {
    destination_service: host,
    destination_service_name: name,
    destination_service_namespace: "shop",
    destination_cluster: cluster,
  };
}

const mutual = { source_principal: principal("client"), destination_principal: principal("web") };
const nobody = { source_principal: "unknown", destination_principal: "unknown" };
const proven = { reporter: "destination", connection_security_policy: "mutual_tls", ...mutual };
const unproven = { reporter: "destination", connection_security_policy: "none", ...nobody };
const unknownCaller = { ...end("source", "unknown"), source_cluster: "unknown" };
const http = { request_protocol: "http", response_code: "200", response_flags: "-", grpc_response_status: "" };
const grpc = { ...http, request_protocol: "grpc", grpc_response_status: "0" };
const tcp = { request_protocol: "tcp", response_flags: "-" };

const fromClient: Labels = {
  reporter: "source",
  ...end("source", "client"),
  source_cluster: "Kubernetes",
  connection_security_policy: "unknown",
  ...mutual,
};
const toWeb: Labels = { ...fromClient, ...end("destination", "web"), ...service("web") };
const atWeb: Labels = { ...end("destination", "web"), ...service("web") };
const namedByClient: Labels = { ...end("source", "client"), source_cluster: "Kubernetes" };

const requestMetrics = [
  "requests_total",
  "request_duration_milliseconds_count",
  "request_bytes_count",
  "response_bytes_count",
];
const connectionMetrics = [
  "tcp_connections_opened_total",
  "tcp_connections_closed_total",
  "tcp_sent_bytes_total",
  "tcp_received_bytes_total",
];

function scrape(pod: Pod): readonly Series[] {
  const all = readSeries(pod.scrape());
  return all.flatMap((series) =>
    series.name.startsWith("istio_") ? [{ ...series, name: series.name.slice("istio_".length) }] : [],
  );
}

/** How much a call adds to a series with exactly these labels. */
interface Watched {
  readonly pod: Pod;
  readonly metric: string;
  readonly labels: Labels;
}

function valueOf({ pod, metric, labels }: Watched): number {
  const wanted = JSON.stringify(sorted(labels));
  const found = scrape(pod).find((one) => one.name === metric && JSON.stringify(sorted(one.labels)) === wanted);
  return found?.value ?? 0;
}

function sorted(labels: Labels): readonly (readonly [string, string])[] {
  return Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Makes a call, and waits until each of the metrics has counted it under exactly these labels. */
async function counts(
  made: Parameters<Bed["call"]>[0],
  metrics: readonly string[],
  pod: Pod,
  labels: Labels,
): Promise<void> {
  const watched = metrics.map((metric) => ({ pod, metric, labels }));
  const earlier = watched.map(valueOf);
  bed.call(made);
  for (const [index, one] of watched.entries()) {
    const shown = (): string =>
      JSON.stringify(
        scrape(pod).filter(({ name }) => name === one.metric),
        null,
        1,
      );
    // Bytes that a client did not send are no more than before.
    const isCounted = (): boolean => one.metric === "tcp_received_bytes_total" || valueOf(one) > (earlier[index] ?? 0);
    await until(`${one.metric} ${JSON.stringify(labels)}`, isCounted, { timeoutMs: 7_000 }).catch(
      async (error: Error) => {
        throw new Error(`${error.message}; there is ${shown()}`);
      },
    );
  }
}

interface Case {
  readonly call: Parameters<Bed["call"]>[0];
  readonly metrics: readonly string[];
  readonly source?: Labels;
  readonly destination?: Labels;
}

const headless = "web-0.peers.shop.svc.cluster.local";
const passthrough = {
  destination_service: "unknown",
  destination_service_name: "PassthroughCluster",
  destination_service_namespace: "unknown",
  destination_cluster: "unknown",
};
const noService = { destination_service: "unknown", destination_service_name: "unknown" };

const cases: Record<string, Case> = {
  "a request": {
    call: { by: "http", to: web, port: 80 },
    metrics: requestMetrics,
    source: { ...toWeb, ...http },
    destination: { ...proven, ...namedByClient, ...atWeb, ...http },
  },
  "a request on a port that was not declared": {
    call: { by: "http", to: web, port: 7000 },
    metrics: requestMetrics,
    source: { ...toWeb, ...http },
    destination: { ...proven, ...namedByClient, ...atWeb, ...http },
  },
  "a gRPC call": {
    call: { by: "grpc", to: web, port: 91 },
    metrics: [...requestMetrics, "request_messages_total", "response_messages_total"],
    source: { ...toWeb, ...grpc },
    destination: { ...proven, ...namedByClient, ...atWeb, ...grpc },
  },
  "a connection that carries bytes": {
    call: { by: "tcp", to: web, port: 9000 },
    metrics: connectionMetrics,
    source: { ...toWeb, ...tcp },
    destination: { ...proven, ...unknownCaller, source_workload_namespace: "shop", ...atWeb, ...tcp },
  },
  "a request to a peer of a headless Service": {
    call: { by: "http", to: server.addresses.ipv4, port: 8080, host: headless },
    metrics: requestMetrics,
    source: { ...fromClient, ...end("destination", "unknown"), ...service("peers"), ...http },
    destination: { ...proven, ...namedByClient, ...atWeb, ...service("peers"), ...http },
  },
  "a request to a pod's address": {
    call: { by: "http", to: server.addresses.ipv4, port: 8080, host: "other.example" },
    metrics: requestMetrics,
    source: { ...fromClient, ...end("destination", "unknown"), ...passthrough, ...http },
    // The mesh's clients do not introduce themselves to hosts that may be outside of it.
    destination: { ...proven, ...unknownCaller, source_workload_namespace: "shop", ...atWeb, ...noService, ...http },
  },
  "a request of a client without a sidecar": {
    call: { by: "http", to: server.addresses.ipv4, port: 8080, from: "outsider" },
    metrics: requestMetrics,
    destination: { ...unproven, ...unknownCaller, ...atWeb, ...noService, ...http },
  },
  "bytes of a client without a sidecar": {
    call: { by: "tcp", to: server.addresses.ipv4, port: 9000, from: "outsider" },
    metrics: connectionMetrics,
    destination: { ...unproven, ...unknownCaller, ...atWeb, ...noService, ...tcp },
  },
  "bytes to a port of no Service": {
    call: { by: "http", to: server.addresses.ipv4, port: 8085 },
    metrics: connectionMetrics,
    source: { ...fromClient, ...end("destination", "unknown"), ...passthrough, ...tcp },
    destination: {
      ...proven,
      ...unknownCaller,
      source_workload_namespace: "shop",
      ...atWeb,
      destination_service: "unknown",
      destination_service_name: "InboundPassthroughCluster",
      ...tcp,
    },
  },
  "a connection that reaches nobody": {
    call: { by: "tcp", to: goneAddress, port: 9000 },
    metrics: ["tcp_connections_opened_total", "tcp_connections_closed_total"],
    source: {
      ...fromClient,
      ...nobody,
      ...end("destination", "unknown"),
      ...service("gone"),
      ...tcp,
      response_flags: "UH",
    },
  },
  "bytes to a peer without a sidecar": {
    call: { by: "tcp", to: plain.addresses.ipv4, port: 9000 },
    metrics: connectionMetrics,
    source: { ...fromClient, ...nobody, ...end("destination", "unknown"), ...service("peers"), ...tcp },
  },
};

describe("Istio's metrics", () => {
  for (const [name, { call, metrics, source, destination }] of Object.entries(cases)) {
    if (source !== undefined)
      test(`${name} is counted by the client's sidecar`, () => counts(call, metrics, client, source));
    if (destination !== undefined)
      test(`${name} is counted by the server's sidecar`, () => counts(call, metrics, server, destination));
  }
});

describe("the messages of a gRPC call", () => {
  for (const [name, metric, by] of [
    ["that it sends", "request_messages_total", 3],
    ["that come back", "response_messages_total", 2],
  ] as const)
    test(`${name} are counted one by one`, async () => {
      const watched = { pod: server, metric, labels: { ...proven, ...namedByClient, ...atWeb, ...grpc } };
      const earlier = valueOf(watched);
      assert.equal(bed.call({ by: "grpc", to: web, port: 91 }), "0 12");
      await until("the call is counted", () => valueOf(watched) > earlier);
      assert.equal(valueOf(watched) - earlier, by);
    });
});

describe("what a client is called", () => {
  for (const [name, call] of Object.entries({
    "of the mesh": { by: "http", to: web, port: 80 },
    "of the mesh that calls a pod": { by: "http", to: server.addresses.ipv4, port: 8080, host: "other.example" },
    "without a sidecar": { by: "http", to: server.addresses.ipv4, port: 8080, from: "outsider" },
  } as const))
    test(`never reaches the application, of a client ${name}`, () => {
      assert.match(bed.call(call), /^200 .*"introduction":""/);
    });

  const serverName = "80.web.shop.svc.cluster.local.mesh.meshwright.internal";
  /** A request that has the client's certificate and says what it likes. */
  const rogue: Record<string, { introduction: string; serverName?: string; labels: Labels }> = {
    "no more than its certificate lets it": {
      introduction: "ingress;ingress;v9;ingress;v9;other",
      labels: {
        ...end("source", "ingress"),
        source_workload_namespace: "shop",
        source_version: "v9",
        source_canonical_revision: "v9",
        source_cluster: "other",
      },
    },
    "nothing that has empty parts": { introduction: ";;;;;", labels: unproclaimed() },
    "nothing that is no introduction": { introduction: "ingress", labels: unproclaimed() },
    "no other labels than its own": {
      introduction: 'a",reporter="source",x="b;b;v1;b;v1;c',
      labels: unproclaimed(),
    },
    "nothing that has the marks of text": { introduction: String.raw`a\;b;v1;b;v1;c`, labels: unproclaimed() },
    "nothing longer than an introduction can be": {
      introduction: `${"w".repeat(7_000)};b;v1;b;v1;c`,
      labels: { ...unproclaimed(), source_workload: "w".repeat(600) },
    },
    "nothing that fills a header": { introduction: "w".repeat(10_000), labels: unproclaimed() },
    "no Service that is none": {
      introduction: "",
      serverName: "pod.mesh.meshwright.internal",
      labels: { ...unproclaimed(), ...noService },
    },
  };
  for (const [name, { introduction, labels, ...call }] of Object.entries(rogue))
    test(`is ${name}`, async () => {
      const watched = { pod: server, metric: "requests_total", labels: { ...proven, ...atWeb, ...http, ...labels } };
      const earlier = valueOf(watched);
      assert.match(bed.callAsRogue({ port: 8080, serverName, introduction, ...call }), /^200 .*"introduction":""/);
      await until(`a request is counted as one of ${JSON.stringify(labels)}`, () => valueOf(watched) === earlier + 1);
    });
});

/** A caller of which nothing is known but what its certificate proves. */
function unproclaimed(): Labels {
  return { ...unknownCaller, source_workload_namespace: "shop" };
}

describe("a client of the mesh that makes up names", () => {
  const serverName = "80.web.shop.svc.cluster.local.mesh.meshwright.internal";
  /** Of each request three. */
  const names = limits.histograms / 3 + 100;

  test("makes no more series than a sidecar keeps, and stops no request", async () => {
    assert.equal(bed.floodAsRogue({ port: 8080, serverName }, names), String(names));
    const overflow = (): number =>
      readSeries(server.scrape()).find(({ name }) => name === "envoy_server_stats_overflow_histogram")?.value ?? 0;
    await until("what goes beyond is said", () => overflow() > 0);
    const histograms = scrape(server).filter(({ name }) => name.endsWith("_count"));
    assert.ok(histograms.length <= limits.histograms, String(histograms.length));
    // What was there before goes on.
    await counts({ by: "http", to: web, port: 80 }, ["requests_total"], server, {
      ...proven,
      ...namedByClient,
      ...atWeb,
      ...http,
    });
  });
});
