import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type AccessLog,
  type AccessLogFilter,
  AccessLogFilterSchema,
} from "@meshwright/xds-api/gen/envoy/config/accesslog/v3/accesslog_pb";
import { AccessLogType } from "@meshwright/xds-api/gen/envoy/data/accesslog/v3/accesslog_pb";
import { commonLabels, type Reporter } from "./labels.ts";
import { valueOf } from "./operators.ts";
import { stat, statsLogger } from "./stats-logger.ts";

/** Holds when a connection is at its end, and not when the server was reached. */
export const atEnd: AccessLogFilter = ofType(AccessLogType.TcpConnectionEnd);

/**
 * Istio's metrics of connections that carry bytes; the label `request_protocol` follows from their names. Opened counts when the server is reached, or when it is given up;
 * everything else when the connection ends, bytes too: Envoy says how many there were in all, not how many since it last said so.
 * Source: https://istio.io/latest/docs/reference/config/metrics/
 */
export function tcpMetrics(reporter: Reporter): readonly AccessLog[] {
  const labels = commonLabels(reporter);
  const counted = (name: string) => ({ stat: stat(name, labels), valueFixed: 1n });
  const added = (name: string, command: string) => ({ stat: stat(name, labels), valueFormat: valueOf(command) });
  return [
    statsLogger({ counters: [counted("tcp_connections_opened_total")], filter: opened() }),
    statsLogger({
      counters: [
        counted("tcp_connections_closed_total"),
        added("tcp_received_bytes_total", "BYTES_RECEIVED"),
        added("tcp_sent_bytes_total", "BYTES_SENT"),
      ],
      filter: atEnd,
    }),
  ];
}

function opened(): AccessLogFilter {
  const givenUp = allOf([atEnd, create(AccessLogFilterSchema, { filterSpecifier: neverConnected })]);
  const filters = [ofType(AccessLogType.TcpUpstreamConnected), givenUp];
  return create(AccessLogFilterSchema, { filterSpecifier: { case: "orFilter", value: { filters } } });
}

/** Flags of connections that never reached a server. Source: Envoy, access log usage, %RESPONSE_FLAGS% */
const neverConnected: FilterSpecifier = { case: "responseFlagFilter", value: { flags: ["UH", "URX", "NC", "UO"] } };

type FilterSpecifier = NonNullable<MessageInitShape<typeof AccessLogFilterSchema>["filterSpecifier"]>;

function allOf(filters: AccessLogFilter[]): AccessLogFilter {
  return create(AccessLogFilterSchema, { filterSpecifier: { case: "andFilter", value: { filters } } });
}

function ofType(type: AccessLogType): AccessLogFilter {
  return create(AccessLogFilterSchema, { filterSpecifier: { case: "logTypeFilter", value: { types: [type] } } });
}
