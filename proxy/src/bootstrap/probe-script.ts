import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import type { ProbeRoute } from "@meshwright/contract/probe-route";
import { packAny } from "@meshwright/xds-api/any";
import { LuaSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/lua/v3/lua_pb";
import type { HttpFilterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";

const filterName = "envoy.filters.http.lua";

/** As many as kubelet follows. Source: https://pkg.go.dev/net/http#Client, CheckRedirect */
const maxRedirects = 10;

/**
 * Turns kubelet's GET into what the application speaks, once per probe. Envoy's active health checks could not: they need
 * the pod's address, which the bootstrap cannot name, and answer with what was so some time ago.
 *
 * - tcp: a CONNECT, for which the route opens a bare connection; a 200 says that the application took it. The answer's
 *   length is said, so that kubelet is done and closes it. Whoever asks has no certificate: nothing that he says goes to
 *   the application, and what the application says (a greeting) is dropped.
 * - grpc: a unary call of grpc.health.v1.Health/Check. A message is its length in four bytes behind a zero; in the request
 *   field 1 (10) is the service's name, and in the answer field 1 (8) is the status, of which 1 is SERVING.
 *   Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 * - http: as it is, but redirects are followed here as far as kubelet would follow them to the application: within the
 *   pod's address. Kubelet would come to the sidecar again, with a path that is none of its own. What leads elsewhere, to
 *   another scheme too, is left to kubelet, to whom another host is a success.
 */
const script = `
local marks = "meshwright.probe"

-- Where a redirect leads on the same application; nothing when it leads elsewhere.
local function next_path(location, path, scheme, host)
  local other_scheme, authority, rest = location:match("^(%a+)://([^/?#]*)(.*)")
  if other_scheme == nil then
    if location:sub(1, 2) == "//" then return nil end
    if location:sub(1, 1) == "/" then return location end
    return path:match("^([^?#]*/)") .. location
  end
  if other_scheme:lower() ~= scheme or authority:gsub(":%d+$", "") ~= host then return nil end
  return rest:sub(1, 1) == "/" and rest or "/" .. rest
end

local function follow(handle, location)
  local address = handle:streamInfo():downstreamLocalAddress()
  local host = address:gsub(":%d+$", "")
  -- taken before the first call, which ends what the handle gives
  local metadata = handle:metadata()
  local path, scheme = metadata:get("path"), metadata:get("scheme")
  local cluster, timeout_ms = metadata:get("cluster"), metadata:get("timeout_ms")
  local headers = {}
  for name, value in pairs(handle:streamInfo():dynamicMetadata():get(marks)) do
    headers[name] = value
  end
  headers["x-envoy-original-dst-host"] = address
  local status = "302"
  for _ = 1, ${maxRedirects} do
    path = next_path(location, path, scheme, host)
    if path == nil then return status, location end
    headers[":path"] = path:gsub("#.*$", "")
    local answer = handle:httpCall(cluster, headers, nil, timeout_ms)
    status, location = answer[":status"], answer["location"]
    if status:match("^30[12378]$") == nil or location == nil then return status, nil end
  end
  return "508", nil
end

local function request_message(service)
  local length, name = #service, ""
  if length >= 128 then
    name = "\\10" .. string.char(length % 128 + 128, math.floor(length / 128)) .. service
  elseif length > 0 then
    name = "\\10" .. string.char(length) .. service
  end
  return string.char(0, 0, 0, math.floor(#name / 256), #name % 256) .. name
end

function envoy_on_request(handle)
  local kind = handle:metadata():get("kind")
  if kind == "tcp" then
    if handle:body() ~= nil then
      handle:respond({[":status"] = "400"}, "a probe has no body")
    else
      handle:headers():replace(":method", "CONNECT")
    end
  elseif kind == "grpc" then
    handle:body(true):setBytes(request_message(handle:metadata():get("service")))
    local headers = handle:headers()
    headers:replace(":method", "POST")
    headers:replace(":path", "/grpc.health.v1.Health/Check")
    headers:replace("content-type", "application/grpc")
    headers:replace("te", "trailers")
  elseif kind == "http" then
    for name, value in pairs(handle:headers()) do
      handle:streamInfo():dynamicMetadata():set(marks, name, value)
    end
  end
end

function envoy_on_response(handle)
  local kind = handle:metadata():get("kind")
  if kind == "tcp" and handle:headers():get(":status") == "200" then
    handle:headers():replace("content-length", "0")
    for chunk in handle:bodyChunks() do
      chunk:setBytes("")
    end
  elseif kind == "grpc" then
    local body = handle:body(true)
    local is_serving = body:getBytes(0, body:length()):sub(6, 7) == "\\8\\1"
    body:setBytes("")
    -- asked for only now: waiting for the body ends an earlier handle of the headers
    handle:headers():replace(":status", is_serving and "200" or "503")
  elseif kind == "http" then
    local location = handle:headers():get("location")
    if location == nil or handle:headers():get(":status"):match("^30[12378]$") == nil then return end
    local status, onward = follow(handle, location)
    handle:headers():replace(":status", status)
    if onward == nil then
      handle:headers():remove("location")
    else
      handle:headers():replace("location", onward)
    end
  end
end
`;

/** The filter that serves what is no bare HTTP request of the probes; none when there are no probes. */
export function probeScript(probes: readonly ProbeRoute[]): readonly MessageInitShape<typeof HttpFilterSchema>[] {
  if (probes.length === 0) return [];
  const config = packAny(LuaSchema, {
    defaultSourceCode: { specifier: { case: "inlineString", value: script } },
    // The route is chosen by kubelet's path, not by what the script makes of it.
    clearRouteCache: false,
  });
  return [{ name: filterName, configType: { case: "typedConfig", value: config } }];
}

/** A route's word to the script. */
export function probeScriptMetadata(values: JsonObject): {
  readonly filterMetadata: Readonly<Record<string, JsonObject>>;
} {
  return { filterMetadata: { [filterName]: values } };
}
