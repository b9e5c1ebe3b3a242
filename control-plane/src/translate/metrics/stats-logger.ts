import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { metricsPrefix } from "@meshwright/contract/sidecar-metrics";
import { packAny } from "@meshwright/xds-api/any";
import {
  type AccessLog,
  type AccessLogFilter,
  AccessLogSchema,
} from "@meshwright/xds-api/gen/envoy/config/accesslog/v3/accesslog_pb";
import {
  type Config_CounterSchema,
  type Config_HistogramSchema,
  ConfigSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/access_loggers/stats/v3/stats_pb";
import type { Labels } from "./labels.ts";

type Counter = MessageInitShape<typeof Config_CounterSchema>;
type Histogram = MessageInitShape<typeof Config_HistogramSchema>;

/**
 * What a sidecar keeps at most, whoever calls it by whatever names: of each kind one per metric and combination of
 * labels. What goes beyond is not counted, and Envoy says how often in `server.stats_overflow.counter` and
 * `server.stats_overflow.histogram`.
 */
export const limits = { counters: 5_000, histograms: 3_000 } as const;

/** One scope for all loggers, by its name: the limits hold for the sidecar, and a series is one whoever adds to it. */
const statsScope = {
  prefix: metricsPrefix,
  sharingName: metricsPrefix,
  maxCounters: limits.counters,
  maxHistograms: limits.histograms,
  // What nobody has added to for long is forgotten (statsEvictionInterval of the bootstrap).
  enableEviction: true,
};

export interface StatsLogger {
  readonly counters: readonly Counter[];
  readonly histograms?: readonly Histogram[];
  /** Absent: every log entry counts. */
  readonly filter?: AccessLogFilter;
}

/** A logger that writes nothing, but counts. */
export function statsLogger({ counters, histograms = [], filter }: StatsLogger): AccessLog {
  const config = packAny(ConfigSchema, { statsScope, counters: [...counters], histograms: [...histograms] });
  return create(AccessLogSchema, {
    name: "envoy.access_loggers.stats",
    ...(filter !== undefined && { filter }),
    configType: { case: "typedConfig", value: config },
  });
}

/** A metric by its name without the prefix. */
export function stat(name: string, labels: Labels) {
  return { name, tags: Object.entries(labels).map(([label, valueFormat]) => ({ name: label, valueFormat })) };
}
