import type { Any } from "@bufbuild/protobuf/wkt";
import type { Bodies } from "@meshwright/control-plane/serve/testdata/one-view";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { ClusterLoadAssignmentSchema } from "@meshwright/xds-api/gen/envoy/config/endpoint/v3/endpoint_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { RouteConfigurationSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import { SecretSchema } from "@meshwright/xds-api/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb";

/** Resources by name; another generation of the same name has another version. */
type Generations = Readonly<Record<string, number>>;

/** Resources whose content nobody looks at: raw clients know them by name and version. */
export const clusters = (generations: Generations): Bodies =>
  bodies(generations, (name, generation) => packAny(ClusterSchema, { name, altStatName: `${generation}` }));
export const endpoints = (generations: Generations): Bodies =>
  bodies(generations, (name, generation) =>
    packAny(ClusterLoadAssignmentSchema, { clusterName: name, endpoints: [{ priority: generation }] }),
  );
export const listeners = (generations: Generations): Bodies =>
  bodies(generations, (name, generation) => packAny(ListenerSchema, { name, statPrefix: `${generation}` }));
export const routes = (generations: Generations): Bodies =>
  bodies(generations, (name, generation) =>
    packAny(RouteConfigurationSchema, { name, virtualHosts: [{ name: `${generation}`, domains: ["*"] }] }),
  );

export const secrets = (...names: string[]): Bodies =>
  Object.fromEntries(names.map((name) => [name, packAny(SecretSchema, { name })]));

function bodies(generations: Generations, body: (name: string, generation: number) => Any): Bodies {
  return Object.fromEntries(Object.entries(generations).map(([name, generation]) => [name, body(name, generation)]));
}

/** A pod's identity and node id. */
export const web = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" } as const;
export const nodeId = (pod = "web-1", namespace = "shop"): string =>
  `sidecar~127.0.0.1~${pod}.${namespace}~${namespace}.svc.cluster.local`;
