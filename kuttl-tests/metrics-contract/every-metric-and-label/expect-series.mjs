// Compares what Prometheus has of a namespace with the series that the calls must have made: every label, and no other.
// expect-series.mjs <namespace>; FORWARDED is Prometheus' address
import { readFileSync } from "node:fs";
import { ask } from "./ask.mjs";

const [namespace] = process.argv.slice(2);
const account = (name) => `spiffe://cluster.local/ns/${namespace}/sa/${name}`;

/** Labels of one end. */
function end(of, workload, revision) {
  const isKnown = workload !== "unknown";
  const labels = {
    workload,
    workload_namespace: isKnown ? namespace : "unknown",
    app: workload,
    canonical_service: workload,
    version: revision ?? "unknown",
    canonical_revision: revision ?? (isKnown ? "latest" : "unknown"),
    cluster: isKnown ? "Kubernetes" : "unknown",
  };
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${of}_${name}`, value]));
}

const toEcho = {
  ...end("destination", "echo", "v1"),
  destination_service: `echo.${namespace}.svc.cluster.local`,
  destination_service_name: "echo",
  destination_service_namespace: namespace,
};
const noService = { destination_service: "unknown", destination_service_name: "unknown" };
const mutual = { source_principal: account("client"), destination_principal: account("echo") };
const nobody = { source_principal: "unknown", destination_principal: "unknown" };

const source = { reporter: "source", connection_security_policy: "unknown", ...mutual, ...end("source", "client"), ...toEcho };
const proven = { reporter: "destination", connection_security_policy: "mutual_tls", ...mutual, ...toEcho };
const unproven = {
  reporter: "destination",
  connection_security_policy: "none",
  ...nobody,
  ...end("source", "unknown"),
  ...toEcho,
  ...noService,
};
// Of bytes a server is told no more than the client's certificate says.
const callerByCertificate = { ...end("source", "unknown"), source_workload_namespace: namespace };
const passthrough = {
  ...end("destination", "unknown"),
  destination_service: "unknown",
  destination_service_name: "PassthroughCluster",
  destination_service_namespace: "unknown",
};

const answered = { request_protocol: "http", response_code: "200", response_flags: "-" };
const grpc = { ...answered, request_protocol: "grpc", grpc_response_status: "0" };
const tcp = { request_protocol: "tcp", response_flags: "-" };

const requests = [
  "istio_requests_total",
  ...["request_duration_milliseconds", "request_bytes", "response_bytes"].flatMap((name) =>
    ["bucket", "sum", "count"].map((part) => `istio_${name}_${part}`),
  ),
];
const messages = ["istio_request_messages_total", "istio_response_messages_total"];
const connections = ["connections_opened", "connections_closed", "sent_bytes", "received_bytes"].map(
  (name) => `istio_tcp_${name}_total`,
);

const expected = [
  { what: "requests, by the client", metrics: requests, labels: { ...source, ...answered } },
  { what: "requests, by the server", metrics: requests, labels: { ...proven, ...end("source", "client"), ...answered } },
  { what: "requests without mTLS", metrics: requests, labels: { ...unproven, ...answered } },
  { what: "requests to an address", metrics: requests, labels: { ...source, ...passthrough, ...answered } },
  {
    what: "requests to an address, by the server",
    metrics: requests,
    labels: { ...proven, ...callerByCertificate, ...noService, ...answered },
  },
  { what: "gRPC, by the client", metrics: [...requests, ...messages], labels: { ...source, ...grpc } },
  {
    what: "gRPC, by the server",
    metrics: [...requests, ...messages],
    labels: { ...proven, ...end("source", "client"), ...grpc },
  },
  { what: "bytes, by the client", metrics: connections, labels: { ...source, ...tcp } },
  { what: "bytes, by the server", metrics: connections, labels: { ...proven, ...callerByCertificate, ...tcp } },
  { what: "bytes without mTLS", metrics: connections, labels: { ...unproven, ...tcp } },
];

for (const { what, metrics, labels } of expected) {
  for (const metric of metrics) {
    const found = (await ask(metric)).map(ofIstio);
    if (!found.some((one) => same(one, labels)))
      throw new Error(`expected ${metric} of ${what}: ${text(labels)}\nfound:\n${found.map(text).join("\n")}`);
  }
}
process.stdout.write(`${expected.length} sets of labels, each with its metrics\n`);

await expectOne('istio_build{component="proxy", tag=~"v.*"}', "the version of each sidecar");
await expectOne('metered_orders_total{pod=~"metered-.*"} == 3', "the application's own metrics, merged");
await expectOne('istio_build{component="proxy", pod=~"metered-.*"}', "its sidecar's, by the same scrape");
await expectOne('declined_orders_total{pod=~"declined-.*"} == 4', "those of a pod that wants no merging");
const merged = await ask('istio_build{pod=~"declined-.*"}');
if (merged.length > 0) throw new Error(`expected the application alone to be asked: ${JSON.stringify(merged)}`);

// What the guide tells users to ask, about this namespace and its server.
const guide = readFileSync(new URL("../../../docs/guides/prometheus.md", import.meta.url), "utf8");
const queries = /```promql\n(.*?)```/s.exec(guide)?.[1].split(/^# .*$/m).slice(1) ?? [];
for (const query of queries)
  await expectOne(query.replaceAll('"web"', '"echo"').replaceAll('"shop"', `"${namespace}"`), "an answer to the guide");
if (queries.length < 4) throw new Error(`expected the queries of the guide, found ${queries.length}`);

async function expectOne(query, what) {
  if ((await ask(query)).length === 0) throw new Error(`expected ${what}: ${query} has no answer`);
}

/** Without what the scrape itself adds, and the bounds of buckets. */
function ofIstio(labels) {
  const others = ["__name__", "job", "instance", "namespace", "pod", "le"];
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !others.includes(name)));
}

function same(a, b) {
  return text(a) === text(b);
}

function text(labels) {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
