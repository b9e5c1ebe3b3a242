import { create } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import {
  type AccessLog,
  type AccessLogFilter,
  AccessLogSchema,
} from "@meshwright/xds-api/gen/envoy/config/accesslog/v3/accesslog_pb";
import { StdoutAccessLogSchema } from "@meshwright/xds-api/gen/envoy/extensions/access_loggers/stream/v3/stream_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";

/** Istio's default line, which log pipelines parse. Source: https://istio.io/latest/docs/tasks/observability/logs/access-log/ */
const defaultFormat = [
  "[%START_TIME%]",
  '"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%"',
  "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%",
  '"%UPSTREAM_TRANSPORT_FAILURE_REASON%"',
  "%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
  '"%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"',
  "%UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%",
  "%REQUESTED_SERVER_NAME% %ROUTE_NAME%",
].join(" ");

/**
 * Writes one line per request or connection to stdout, when the mesh is set so.
 *
 * @param filter which entries are lines; default all
 */
export function accessLogs({ accessLog }: MeshSettings, filter?: AccessLogFilter): readonly AccessLog[] {
  switch (accessLog.kind) {
    case "none":
      return [];
    case "default":
      return [toStdout(defaultFormat, filter)];
    case "format":
      return [toStdout(accessLog.format, filter)];
  }
}

function toStdout(format: string, filter: AccessLogFilter | undefined): AccessLog {
  const line = format.endsWith("\n") ? format : `${format}\n`;
  const source = { specifier: { case: "inlineString", value: line } } as const;
  const logFormat = { format: { case: "textFormatSource", value: source } } as const;
  const config = packAny(StdoutAccessLogSchema, { accessLogFormat: { case: "logFormat", value: logFormat } });
  return create(AccessLogSchema, {
    name: "envoy.access_loggers.stdout",
    ...(filter !== undefined && { filter }),
    configType: { case: "typedConfig", value: config },
  });
}
