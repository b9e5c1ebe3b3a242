import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import {
  connectionFields,
  endpointFields,
  innerLabels,
  introductionFields,
  serviceFields,
  tcpMetricPrefix,
} from "@meshwright/contract/sidecar-metrics";
import type { AccessLog } from "@meshwright/xds-api/gen/envoy/config/accesslog/v3/accesslog_pb";
import { ConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/access_loggers/stats/v3/stats_pb";
import { httpMetrics } from "./http-metrics.ts";
import type { Reporter } from "./labels.ts";
import { limits } from "./stats-logger.ts";
import { tcpMetrics } from "./tcp-metrics.ts";

const reference = readFileSync(
  fileURLToPath(new URL("../../../../docs/reference/metrics.md", import.meta.url)),
  "utf8",
);

/** Words in the first column of the reference's tables that look so. */
function documented(form: RegExp): readonly string[] {
  return [...reference.matchAll(/^\| `([a-z_]+)` \|/gm)].flatMap(([, name = ""]) => (form.test(name) ? [name] : []));
}

const server = { kind: "destination", traffic: "http", fallback: "unknown" } as const;
const reporters: readonly Reporter[] = [
  { kind: "source" },
  { ...server, client: "proven" },
  { ...server, client: "anybody" },
];

interface Metric {
  readonly name: string;
  readonly labels: readonly string[];
}

function metricsOf(logs: readonly AccessLog[]): readonly Metric[] {
  return logs.flatMap(({ configType }) => {
    const config = configType.case === "typedConfig" ? anyUnpack(configType.value, ConfigSchema) : undefined;
    const stats = [...(config?.counters ?? []), ...(config?.histograms ?? [])].map(({ stat }) => stat);
    return stats.map((stat) => ({ name: stat?.name ?? "", labels: (stat?.tags ?? []).map(({ name }) => name) }));
  });
}

/** The labels that the sidecar writes in place of those that a series begins with. */
function writtenOut(reporter: Reporter["kind"]): readonly string[] {
  const names = [
    "workload",
    "workload_namespace",
    "app",
    "version",
    "canonical_service",
    "canonical_revision",
    "cluster",
  ];
  const own = names.map((name) => `${reporter}_${name}`);
  const both = ["reporter", "source_principal", "destination_principal", ...own];
  if (reporter === "source")
    return [
      ...both,
      "connection_security_policy",
      ...[...endpointFields, ...serviceFields].map((field) => `destination_${field}`),
    ];
  return [
    ...both,
    "destination_service_namespace",
    ...introductionFields.map((field) => `source_${field}`),
    ...connectionFields,
  ];
}

const all = reporters.flatMap((reporter) => {
  const metrics = metricsOf([...httpMetrics(reporter, "grpc"), ...tcpMetrics(reporter)]);
  return metrics.map((metric) => ({ ...metric, reporter: reporter.kind }));
});

describe("the reference of metrics", () => {
  test("names every metric, and no other but those that the sidecar tells of itself", () => {
    const own = ["istio_build"];
    const counted = [...new Set(all.map(({ name }) => `istio_${name}`))];
    assert.deepEqual(documented(/^istio_/).toSorted(), [...own, ...counted].toSorted());
  });

  test("names every label of every metric", () => {
    const known = documented(/^(?!istio_|meshwright_)/);
    for (const { name, labels, reporter } of all) {
      const protocol = name.startsWith(tcpMetricPrefix) ? ["request_protocol"] : [];
      const told = [...writtenOut(reporter), ...protocol, ...labels.slice(innerLabels.length)];
      assert.deepEqual(
        told.filter((label) => !known.includes(label)),
        [],
      );
      assert.equal(new Set(told).size, told.length, "a label is told twice");
    }
    const everything = new Set(
      all.flatMap(({ labels, reporter }) => [...labels.slice(innerLabels.length), ...writtenOut(reporter)]),
    );
    assert.deepEqual(
      known.filter((label) => !everything.has(label)),
      [],
    );
  });

  test("tells the limits", () => {
    for (const limit of Object.values(limits))
      assert.ok(reference.includes(`${limit.toLocaleString("en")} series`), `${limit} series`);
  });
});

test("every series begins with the labels that the sidecar writes out, in their order", () => {
  assert.ok(all.length > 0);
  for (const { labels } of all) assert.deepEqual(labels.slice(0, innerLabels.length), innerLabels);
});
