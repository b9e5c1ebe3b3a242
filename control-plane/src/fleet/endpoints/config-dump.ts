import { fromBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";
import { toXdsJson } from "@meshwright/xds-api/json";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import type { EncodedResource, ProxyView } from "../../serve/view.ts";
import { refuse } from "../refusal.ts";
import { arrayPieces, type Endpoint } from "./endpoint.ts";
import { findProxy } from "./proxy-id.ts";

/** How Envoy's admin interface shows one type of resource. */
interface Section {
  readonly type: TypeUrl;
  readonly message: string;
  readonly field: string;
  readonly entry: (resource: EncodedResource) => object;
}

/** Source: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/admin/v3/config_dump_shared.proto */
const sections: readonly Section[] = [
  {
    type: typeUrls.cluster,
    message: "ClustersConfigDump",
    field: "dynamic_active_clusters",
    entry: (resource) => ({ version_info: resource.version, cluster: bodyOf(resource) }),
  },
  {
    type: typeUrls.listener,
    message: "ListenersConfigDump",
    field: "dynamic_listeners",
    entry: (resource) => ({
      name: resource.name,
      active_state: { version_info: resource.version, listener: bodyOf(resource) },
    }),
  },
  {
    type: typeUrls.route,
    message: "RoutesConfigDump",
    field: "dynamic_route_configs",
    entry: (resource) => ({ version_info: resource.version, route_config: bodyOf(resource) }),
  },
  {
    type: typeUrls.secret,
    message: "SecretsConfigDump",
    field: "dynamic_active_secrets",
    entry: (resource) => ({ name: resource.name, version_info: resource.version, secret: publicPart(resource) }),
  },
];

/** As with Envoy itself, only on demand: endpoints change all the time. */
const endpoints: Section = {
  type: typeUrls.endpoint,
  message: "EndpointsConfigDump",
  field: "dynamic_endpoint_configs",
  entry: (resource) => ({ version_info: resource.version, endpoint_config: bodyOf(resource) }),
};

/** What a proxy is meant to have, in the form of its own config dump, so that the two can be compared. */
export const configDump: Endpoint = {
  path: "/debug/config_dump",
  help: "what a connected proxy is meant to have (?proxyID=<pod>.<namespace>, ?include_eds=true)",
  answer: (query, access, sources) => {
    const proxy = findProxy(query, access, sources);
    if (proxy.kind === "refused") return proxy;
    const view = sources.view(proxy.node);
    if (view === undefined) return refuse("NotFound", `proxy "${proxy.pod}.${proxy.namespace}" has just disconnected`);
    const wanted = query.get("include_eds") === "true" ? [...sections, endpoints] : sections;
    return { kind: "answer", contentType: "application/json", pieces: pieces(wanted, view) };
  },
};

function* pieces(wanted: readonly Section[], view: ProxyView): Iterable<string> {
  let separator = '{"configs":[';
  for (const { type, message, field, entry } of wanted) {
    yield `${separator}{"@type":"type.googleapis.com/envoy.admin.v3.${message}","${field}":`;
    yield* arrayPieces(entries(view.get(type), entry));
    yield "}";
    separator = ",";
  }
  yield "]}\n";
}

function* entries(resources: ReadonlyMap<string, EncodedResource> | undefined, entry: Section["entry"]) {
  for (const resource of resources?.values() ?? []) yield entry(resource);
}

function bodyOf({ bytes }: EncodedResource): unknown {
  const { resource } = fromBinary(ResourceSchema, bytes);
  return resource === undefined ? {} : toXdsJson(AnySchema, resource);
}

/** Keys are no resource of ours today, and never leave by this door. */
function publicPart({ bytes }: EncodedResource): unknown {
  const { resource } = fromBinary(ResourceSchema, bytes);
  const secret = fromBinary(SecretSchema, resource?.value ?? new Uint8Array());
  const isPublic = secret.type.case === "validationContext";
  return isPublic ? toXdsJson(SecretSchema, secret) : { name: secret.name, redacted: true };
}
