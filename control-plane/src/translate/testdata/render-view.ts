import { fromBinary, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { toXdsJson } from "@meshwright/xds-api/json";
import { xdsRegistry } from "@meshwright/xds-api/registry";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { stringify } from "yaml";
import type { EncodedResource, ProxyView } from "../../serve/view.ts";

const files: Readonly<Record<string, TypeUrl>> = {
  "clusters.yaml": typeUrls.cluster,
  "endpoints.yaml": typeUrls.endpoint,
  "listeners.yaml": typeUrls.listener,
  "routes.yaml": typeUrls.route,
  "secrets.yaml": typeUrls.secret,
};

/** Writes a view as one YAML file per type, as in Envoy's documentation, in the order of the resources' names. */
export function renderView(view: ProxyView): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([file, type]) => [file, renderResources([...(view.get(type)?.values() ?? [])])]),
  );
}

function renderResources(resources: readonly EncodedResource[]): string {
  const sorted = resources.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return stringify(sorted.map(decode), { lineWidth: 0, aliasDuplicateObjects: false });
}

function decode({ bytes }: EncodedResource) {
  const { resource } = fromBinary(ResourceSchema, bytes);
  const message = resource && anyUnpack(resource, xdsRegistry);
  const schema = message && xdsRegistry.getMessage(message.$typeName);
  if (message === undefined || schema === undefined)
    throw new Error(`cannot decode a resource of ${resource?.typeUrl}`);
  return summarized(toXdsJson(schema, message));
}

const statsLogger = "type.googleapis.com/envoy.extensions.access_loggers.stats.v3.Config";

/** With a few words in place of each logger of metrics, whose labels have goldens of their own (translate/metrics). */
function summarized(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(summarized);
  if (typeof value !== "object" || value === null) return value;
  if (value["@type"] === statsLogger) return metricsOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, summarized(inner)]));
}

/** The names of the metrics, and those of their labels that are constant. */
function metricsOf(logger: JsonObject): JsonObject {
  const entries = ["counters", "histograms"].flatMap((kind) => objects(logger[kind]));
  const stats = objects(entries.map(({ stat = null }) => stat));
  const constant = objects(stats[0]?.["tags"]).filter((tag) => !text(tag, "value_format").includes("%"));
  const labels = Object.fromEntries(constant.map((tag) => [text(tag, "name"), text(tag, "value_format")]));
  return { "@type": statsLogger, metrics: stats.map((stat) => text(stat, "name")), labels };
}

function text(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}

function objects(list: JsonValue | undefined): readonly JsonObject[] {
  const isObject = (item: JsonValue): item is JsonObject =>
    typeof item === "object" && item !== null && !Array.isArray(item);
  return Array.isArray(list) ? list.filter(isObject) : [];
}
