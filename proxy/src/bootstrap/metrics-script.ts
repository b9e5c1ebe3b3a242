import type { MessageInitShape } from "@bufbuild/protobuf";
import { inboundSource } from "@meshwright/contract/inbound-source";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { applicationScrapeVariable } from "@meshwright/contract/sidecar-metrics";
import { packAny } from "@meshwright/xds-api/any";
import {
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  type ClusterSchema,
} from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { LuaSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/lua/v3/lua_pb";
import type { HttpFilterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { seconds } from "./duration.ts";
import { labelScript } from "./label-script.ts";

const clusterName = "application_metrics";

/** Prometheus' own `scrape_timeout`, for whoever asks without saying his. */
const defaultTimeoutSeconds = 10;
const maxTimeoutSeconds = 600;

const renameOnly = `${labelScript}
function envoy_on_response(handle)
  if not is_metrics(handle) then return end
  handle:headers():remove("content-length")
  write(handle, build)
end
`;

/**
 * The same, behind the application's own metrics where the pod's annotations name them: asked for at the address at which
 * Prometheus asked, as Prometheus itself would. The sidecar's own answer does not depend on the application's.
 *
 * It is asked for Prometheus' text format, of which the sidecar's answer is too, and in place of what it says of its end there is more.
 */
const renameAndMerge = `${labelScript}
local marks = "meshwright.metrics"
local says = os.getenv("${applicationScrapeVariable}") or ""
local port, path = says:match('"port":"(%d+)"'), says:match('"path":"([^"]*)"') or "/metrics"

local function success(value)
  return "# TYPE meshwright_application_scrape_success gauge\\nmeshwright_application_scrape_success " .. value .. "\\n"
end

local function ask(handle, timeout)
  local address = handle:streamInfo():downstreamLocalAddress():gsub(":%d+$", ":" .. port)
  local headers = {
    [":method"] = "GET",
    [":path"] = path,
    [":authority"] = address,
    ["x-envoy-original-dst-host"] = address,
    ["accept"] = "text/plain;version=0.0.4",
    ["user-agent"] = "meshwright-sidecar",
  }
  -- the rest of the time is for what Envoy has to say
  local answer, body = handle:httpCall("${clusterName}", headers, nil, math.floor(timeout * 800))
  if answer[":status"] ~= "200" or body == nil then return success(0) end
  local text = body:gsub("# EOF\\n?$", "")
  if text:sub(-1) ~= "\\n" then text = text .. "\\n" end
  return text .. success(1)
end

-- Asked for before Envoy is: when an answer has begun it is too late for a call.
function envoy_on_request(handle)
  if port == nil or handle:headers():get(":path"):match("^/stats/prometheus") == nil then return end
  local timeout = tonumber(handle:headers():get("x-prometheus-scrape-timeout-seconds") or "")
  if timeout == nil or timeout <= 0 or timeout > ${maxTimeoutSeconds} then timeout = ${defaultTimeoutSeconds} end
  local text = ask(handle, timeout)
  handle:streamInfo():dynamicMetadata():set(marks, "application", text)
end

function envoy_on_response(handle)
  if not is_metrics(handle) then return end
  local mark = handle:streamInfo():dynamicMetadata():get(marks)
  handle:headers():remove("content-length")
  write(handle, (mark and mark["application"] or "") .. build)
end
`;

/** The filter that gives metrics their names. */
export function renamingFilter(): MessageInitShape<typeof HttpFilterSchema> {
  return luaFilter(renameOnly);
}

/** The filter that gives metrics their names and puts the application's before them. */
export function mergingFilter(): MessageInitShape<typeof HttpFilterSchema> {
  return luaFilter(renameAndMerge);
}

/** Leads to the application at any port of the pod's own, from where the redirect rules let it pass. */
export function applicationMetricsCluster(stack: IpStack): MessageInitShape<typeof ClusterSchema> {
  const portSpecifier = { case: "portValue", value: 0 } as const;
  const ipv6 = { address: { address: inboundSource.ipv6, portSpecifier } };
  return {
    name: clusterName,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.ORIGINAL_DST },
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
    connectTimeout: seconds(defaultTimeoutSeconds),
    lbConfig: { case: "originalDstLbConfig", value: { useHttpHeader: true } },
    upstreamBindConfig: {
      sourceAddress: { address: inboundSource.ipv4, portSpecifier },
      extraSourceAddresses: stack === "dual" ? [ipv6] : [],
    },
  };
}

function luaFilter(inlineString: string): MessageInitShape<typeof HttpFilterSchema> {
  const config = packAny(LuaSchema, {
    defaultSourceCode: { specifier: { case: "inlineString", value: inlineString } },
    clearRouteCache: false,
  });
  return { name: "meshwright.metrics", configType: { case: "typedConfig", value: config } };
}
