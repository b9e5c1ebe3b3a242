import { pushStages } from "@meshwright/metrics/push-stages";
import { byLabel, type Observe, TalliedHistogram } from "@meshwright/metrics/tallied-histogram";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { Counter, Gauge, type Registry } from "prom-client";
import type { ServeObserver } from "./observer.ts";
import { type RefusalReason, refusalStatus } from "./refusal.ts";
import type { ProxyNode } from "./view.ts";

/** Istio's short names of the types, which its dashboards show. */
const shortNames: Readonly<Record<TypeUrl, string>> = {
  [typeUrls.cluster]: "cds",
  [typeUrls.endpoint]: "eds",
  [typeUrls.listener]: "lds",
  [typeUrls.route]: "rds",
  [typeUrls.secret]: "sds",
};

/** Types come from clients, who may name any: those that nobody serves are one. */
const shortName = (type: TypeUrl): string => shortNames[type] ?? "other";

const secondsBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const sizeBuckets = [1, 10, 100, 1_000, 4_000, 10_000].map((kibibytes) => kibibytes * 1024);

/**
 * Registers what serving counts: under Istio's names where Istio has the metric, so that its dashboards and alerts keep
 * working.
 */
export function registerServeMetrics(registry: Registry): ServeObserver {
  const registers = [registry];
  const stage = pushStages(registry);
  const rejects = countByType(registry, "pilot_total_xds_rejects", "Responses that proxies rejected.");
  const expired = countByType(registry, "pilot_xds_expired_nonce", "Answers to responses that others followed.");
  const observeConvergence = seconds(
    registry,
    "pilot_proxy_convergence_time",
    "Time from a change of a proxy's configuration until the proxy has acknowledged all of it, in seconds.",
  );
  const observeQueue = seconds(
    registry,
    "pilot_proxy_queue_time",
    "Time that a response waits for others before it is encoded, in seconds.",
  );
  const observeSendTime = seconds(
    registry,
    "pilot_xds_send_time",
    "Time until a proxy's connection has taken a response, in seconds.",
  );
  const pushTime = new TalliedHistogram<"type">({
    name: "pilot_xds_push_time",
    help: "Time from when a response is due until the proxy's connection has taken it, in seconds.",
    labelNames: ["type"],
    buckets: secondsBuckets,
    registers,
  });
  const size = new TalliedHistogram<"type">({
    name: "pilot_xds_config_size_bytes",
    help: "Size of the responses to proxies, in bytes.",
    labelNames: ["type"],
    buckets: sizeBuckets,
    registers,
  });
  const writeTimeouts = new Counter({
    name: "pilot_xds_write_timeout",
    help: "Streams that were ended because their proxies did not read.",
    registers,
  });
  const failures = new Counter({
    name: "pilot_total_xds_internal_errors",
    help: "Streams that were ended because serving them failed.",
    registers,
  });
  const observeSize = byLabel((type) => size.series({ type }));
  const observePushTime = byLabel((type) => pushTime.series({ type }));
  const pushed = pushCounter(registry);
  const refused = refusalCounter(registry);
  return {
    connected: connectedGauge(registry),
    sent: ({ type: typeUrl, sizeBytes, queuedSeconds, writeSeconds, sinceChangeSeconds }) => {
      const type = shortName(typeUrl);
      pushed(type);
      observeSize(type, sizeBytes);
      observeQueue(queuedSeconds);
      observeSendTime(writeSeconds);
      observePushTime(type, queuedSeconds + writeSeconds);
      stage("sent", sinceChangeSeconds);
    },
    acknowledged: (_type, sinceChangeSeconds) => stage("acknowledged", sinceChangeSeconds),
    rejected: (type) => rejects.inc({ type: shortName(type) }),
    stale: (type) => expired.inc({ type: shortName(type) }),
    converged: observeConvergence,
    refused: (reason) => {
      refused.inc({ reason });
      if (reason === "NotReading") writeTimeouts.inc();
    },
    failed: () => failures.inc(),
  };
}

/** Counts by type what is handed over when it is scraped: every response of every proxy is counted. */
function pushCounter(registry: Registry): (type: string) => void {
  const counted = new Map<string, number>();
  const counter: Counter<"type"> = new Counter({
    name: "pilot_xds_pushes",
    help: "Responses that proxies' connections have taken.",
    labelNames: ["type"],
    registers: [registry],
    collect: () => {
      for (const [type, number] of counted) counter.inc({ type }, number);
      counted.clear();
    },
  });
  return (type) => void counted.set(type, (counted.get(type) ?? 0) + 1);
}

function countByType(registry: Registry, name: string, help: string): Counter<"type"> {
  return new Counter({ name, help, labelNames: ["type"], registers: [registry] });
}

function seconds(registry: Registry, name: string, help: string): Observe {
  return new TalliedHistogram({ name, help, buckets: secondsBuckets, registers: [registry] }).series({});
}

/** Every reason is there from the start, so that an alert on its increase sees the first one. */
function refusalCounter(registry: Registry): Counter<"reason"> {
  const counter = new Counter({
    name: "meshwright_xds_refused_total",
    help: "Connections, streams and requests that were refused, cut off or slowed down, by reason.",
    labelNames: ["reason"],
    registers: [registry],
  });
  const reasons = Object.keys(refusalStatus) as RefusalReason[];
  for (const reason of reasons) counter.inc({ reason }, 0);
  return counter;
}

/** Istio's label is the version of its agent; ours is Envoy's, which a proxy tells itself: any other text is "unknown". */
function connectedGauge(registry: Registry): ServeObserver["connected"] {
  const gauge = new Gauge({
    name: "pilot_xds",
    help: "Proxies that are connected to this replica, by Envoy's version.",
    labelNames: ["version"],
    registers: [registry],
  });
  return ({ envoyVersion }: ProxyNode) => {
    const version = /^\d{1,2}\.\d{1,3}\.\d{1,2}$/.test(envoyVersion) ? envoyVersion : "unknown";
    gauge.inc({ version });
    return () => gauge.dec({ version });
  };
}
