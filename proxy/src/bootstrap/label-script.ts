import {
  connectionFields,
  endpointFields,
  fieldSeparator,
  introductionFields,
  metricsPrefix,
  partSeparator,
  serviceFields,
  tcpMetricPrefix,
  workloadVariables,
} from "@meshwright/contract/sidecar-metrics";
import { unknownValue } from "@meshwright/contract/workload-labels";

/** Name of the route whose answers the script writes. */
export const metricsRouteName = "metrics";

/** A Lua list of texts. */
function list(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text}"`).join(", ")}}`;
}

/** Labels of the sidecar's own end, each with the variable that has its value. */
const ownLabels = [
  ["workload", workloadVariables.workload],
  ["workload_namespace", workloadVariables.namespace],
  ["app", workloadVariables.app],
  ["version", workloadVariables.version],
  ["canonical_service", workloadVariables.canonicalService],
  ["canonical_revision", workloadVariables.canonicalRevision],
  ["cluster", workloadVariables.cluster],
] as const;

/**
 * Writes a sidecar's answer to Prometheus: Istio's metrics under Istio's names and with all of Istio's labels, then everything
 * else of Envoy's as it is.
 *
 * A series of Istio's begins inside of Envoy with few labels (lib/contract, sidecar-metrics.ts). What they come to is the same for
 * all lines of a series and worked out once per answer.
 *
 * It works on pieces as they come and holds no whole answer, which may have many megabytes: of a piece it keeps back the line that is
 * not at its end. Envoy's answer ends with the end of a line.
 */
export const labelScript = String.raw`
local build = '# TYPE istio_build gauge\nistio_build{component="proxy",tag="' .. (os.getenv("MESHWRIGHT_VERSION") or "${unknownValue}") .. '"} 1\n'

local function escaped(text)
  return (text:gsub('[\\"]', "\\%0"):gsub("\n", " "))
end

local function label(name, value)
  if value == nil or value == "" then value = "${unknownValue}" end
  return ',' .. name .. '="' .. value .. '"'
end

local function own(side)
  local text = ""
  for _, pair in ipairs({${ownLabels.map(([name, variable]) => `{"${name}", "${variable}"}`).join(", ")}}) do
    text = text .. label(side .. "_" .. pair[1], escaped(os.getenv(pair[2]) or ""))
  end
  return text
end

local own_namespace = escaped(os.getenv("${workloadVariables.namespace}") or "")
local added = {
  source = own("source") .. label("connection_security_policy", "${unknownValue}"),
  destination = own("destination") .. label("destination_service_namespace", own_namespace),
}
local forms = {
  source = {
    {prefix = "destination_", fields = ${list(endpointFields)}},
    {prefix = "destination_", fields = ${list(serviceFields)}},
  },
  destination = {
    {prefix = "source_", fields = ${list(introductionFields)}},
    {prefix = "", fields = ${list(connectionFields)}},
  },
}

local function parts(text, separator)
  local found, at = {}, 1
  while true do
    local stop = text:find(separator, at, true)
    local part = text:sub(at, (stop or #text + 1) - 1)
    found[#found + 1] = part == "-" and "" or part
    if stop == nil then return found end
    at = stop + 1
  end
end

local function spread(text, form)
  local labels, values = "", parts(text or "", "${fieldSeparator}")
  for index, field in ipairs(form.fields) do
    labels = labels .. label(form.prefix .. field, values[index])
  end
  return labels
end

local function labels_of(reporter, ends)
  local part = parts(ends, "${partSeparator}")
  return added[reporter] .. spread(part[1], forms[reporter][1]) .. spread(part[2], forms[reporter][2])
    .. label("source_principal", part[3]) .. label("destination_principal", part[4])
end

local function remembering(reporter)
  return setmetatable({}, {__index = function(known, ends)
    known[ends] = labels_of(reporter, ends)
    return rawget(known, ends)
  end})
end

local pattern = '\nenvoy_${metricsPrefix}_([%w_]+){reporter="(%a+)",ends="([^"]*)"'

local function labelling()
  local known = {source = remembering("source"), destination = remembering("destination")}
  return function(name, reporter, ends)
    if known[reporter] == nil then return nil end
    local protocol = name:sub(1, ${tcpMetricPrefix.length}) == "${tcpMetricPrefix}" and ',request_protocol="tcp"' or ""
    return '\n${metricsPrefix}_' .. name .. '{reporter="' .. reporter .. '"' .. known[reporter][ends] .. protocol
  end
end

local function renamed(lines, with_labels)
  local text = ("\n" .. lines):gsub(pattern, with_labels)
  return (text:gsub("\n# TYPE envoy_${metricsPrefix}_", "\n# TYPE ${metricsPrefix}_"):sub(2))
end

local function write(handle, before)
  local rest, with_labels = "", labelling()
  for chunk in handle:bodyChunks() do
    local text = rest .. chunk:getBytes(0, chunk:length())
    local lines, partial = text:match("^(.*\n)(.*)$")
    if lines == nil then lines, partial = "", text end
    rest = partial
    chunk:setBytes(before .. renamed(lines, with_labels))
    before = ""
  end
end

local function is_metrics(handle)
  return handle:streamInfo():routeName() == "${metricsRouteName}" and handle:headers():get(":status") == "200"
end
`;
