import { create } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import {
  type AccessLog,
  type AccessLogFilter,
  AccessLogFilterSchema,
} from "@meshwright/xds-api/gen/envoy/config/accesslog/v3/accesslog_pb";
import { FilterConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/grpc_stats/v3/config_pb";
import { LuaSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/lua/v3/lua_pb";
import {
  type HttpFilter,
  HttpFilterSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import type { Labels } from "./labels.ts";
import { valueOf } from "./operators.ts";
import { stat, statsLogger } from "./stats-logger.ts";

/** Where the counts of a call's messages stand when it has ended. */
const counts = { namespace: "meshwright.grpc", requests: "requests", responses: "responses" } as const;

const counter = "envoy.filters.http.grpc_stats";

/**
 * Envoy counts a call's messages, and tells them as the text "<requests>,<responses>", of which no operator of Envoy's makes
 * numbers. Runs once per call, when its trailers have come; a call that is cut off before has counts of none.
 */
const script = `
function envoy_on_response(handle)
  local content_type = handle:headers():get("content-type")
  if content_type == nil or content_type:sub(1, 16) ~= "application/grpc" then return end
  handle:trailers()
  local text = handle:streamInfo():filterState():get("${counter}")
  if text == nil then return end
  local requests, responses = text:match("^(%d+),(%d+)$")
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set("${counts.namespace}", "${counts.requests}", tonumber(requests))
  metadata:set("${counts.namespace}", "${counts.responses}", tonumber(responses))
end
`;

/** The filters that count the messages of gRPC calls; in this order, since what is answered passes them from the end. */
export function countMessages(): readonly HttpFilter[] {
  const defaultSourceCode = { specifier: { case: "inlineString", value: script } } as const;
  const numbers = packAny(LuaSchema, { defaultSourceCode, clearRouteCache: false });
  const counted = packAny(FilterConfigSchema, { emitFilterState: true });
  return [httpFilter("envoy.filters.http.lua", numbers), httpFilter(counter, counted)];
}

/** Istio's metrics of the messages of gRPC calls. */
export function messageMetrics(labels: Labels): AccessLog {
  const messages = (name: string, key: string) => {
    return { stat: stat(name, labels), valueFormat: valueOf("DYNAMIC_METADATA", `${counts.namespace}:${key}`) };
  };
  return statsLogger({
    counters: [
      messages("request_messages_total", counts.requests),
      messages("response_messages_total", counts.responses),
    ],
    filter: whereCounted(),
  });
}

function whereCounted(): AccessLogFilter {
  const path = [{ segment: { case: "key", value: counts.requests } } as const];
  const value = { matchPattern: { case: "presentMatch", value: true } } as const;
  const matcher = { filter: counts.namespace, path, value };
  return create(AccessLogFilterSchema, {
    filterSpecifier: { case: "metadataFilter", value: { matcher, matchIfKeyNotFound: false } },
  });
}

function httpFilter(name: string, config: ReturnType<typeof packAny>): HttpFilter {
  return create(HttpFilterSchema, { name, configType: { case: "typedConfig", value: config } });
}
