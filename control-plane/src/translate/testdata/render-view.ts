import { fromBinary } from "@bufbuild/protobuf";
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
  return toXdsJson(schema, message);
}
