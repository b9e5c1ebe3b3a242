import type { AccessLog } from "@meshwright/xds-api/gen/envoy/config/accesslog/v3/accesslog_pb";
import { Config_Histogram_Unit as Unit } from "@meshwright/xds-api/gen/envoy/extensions/access_loggers/stats/v3/stats_pb";
import { messageMetrics } from "./grpc-messages.ts";
import { commonLabels, type Labels, type Reporter } from "./labels.ts";
import { expression, valueOf } from "./operators.ts";
import { stat, statsLogger } from "./stats-logger.ts";

const contentType = "request.headers['content-type']";
const isGrpc = `'content-type' in request.headers && ${contentType}.startsWith('application/grpc')`;

/** What a port says that its requests are: gRPC calls are made of messages, which count too. */
export type HttpContent = "http" | "grpc";

/**
 * Istio's metrics of requests, each counted when its response has ended.
 * Source: https://istio.io/latest/docs/reference/config/metrics/
 */
export function httpMetrics(reporter: Reporter, content: HttpContent): readonly AccessLog[] {
  const labels = httpLabels(reporter);
  return [requestMetrics(labels), ...(content === "grpc" ? [messageMetrics(labels)] : [])];
}

function requestMetrics(labels: Labels): AccessLog {
  return statsLogger({
    counters: [{ stat: stat("requests_total", labels), valueFixed: 1n }],
    histograms: [
      {
        stat: stat("request_duration_milliseconds", labels),
        unit: Unit.Milliseconds,
        valueFormat: valueOf("DURATION"),
      },
      bytes("request_bytes", "request.total_size", labels),
      bytes("response_bytes", "response.total_size", labels),
    ],
  });
}

function httpLabels(reporter: Reporter): Labels {
  return {
    ...commonLabels(reporter),
    request_protocol: expression(`${isGrpc} ? 'grpc' : 'http'`),
    response_code: valueOf("RESPONSE_CODE"),
    grpc_response_status: valueOf("GRPC_STATUS_NUMBER"),
  };
}

/** Headers and body. */
function bytes(name: string, attribute: string, labels: Labels) {
  return { stat: stat(name, labels), unit: Unit.Bytes, valueFormat: expression(attribute) };
}
