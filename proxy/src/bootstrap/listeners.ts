import type { MessageInitShape } from "@bufbuild/protobuf";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { ports } from "@meshwright/contract/ports";
import type { ProbeRoute } from "@meshwright/contract/probe-route";
import { packAny } from "@meshwright/xds-api/any";
import type { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import type { RouteSchema } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import { RouterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/router/v3/router_pb";
import {
  HttpConnectionManager_CodecType,
  HttpConnectionManagerSchema,
  type HttpFilterSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { anyAddress } from "./address.ts";
import { adminClusterName } from "./admin-cluster.ts";
import { metricsRouteName } from "./label-script.ts";
import { mergingFilter, renamingFilter } from "./metrics-script.ts";
import { probeScript } from "./probe-script.ts";
import { probeAddressFilter, probeRoutes } from "./probes.ts";

type Listener = MessageInitShape<typeof ListenerSchema>;
type Route = MessageInitShape<typeof RouteSchema>;
type HttpFilter = MessageInitShape<typeof HttpFilterSchema>;

/** Where kubelet asks whether the sidecar is ready: it is when it has heard all it needs from the control plane. */
export function healthListener(stack: IpStack): Listener {
  const address = anyAddress(ports.health, stack);
  return httpListener("health", address, [adminRoute("/healthz/ready", "/ready")], []);
}

/** Envoy's statistics, Istio's metrics among them; nothing of the application's. */
export function statsListener(stack: IpStack): Listener {
  return httpListener("stats", anyAddress(ports.stats, stack), [metricsRoute()], [renamingFilter()]);
}

/** Metrics, and the application's own probes in place of kubelet's direct requests, which mTLS would refuse. */
export function mergedMetricsListener(probes: readonly ProbeRoute[], stack: IpStack): Listener {
  const filters = probes.length > 0 ? [probeAddressFilter(), ...probeScript(probes)] : [];
  const address = anyAddress(ports.mergedMetrics, stack);
  return httpListener("agent", address, [metricsRoute(), ...probeRoutes(probes)], [mergingFilter(), ...filters]);
}

function metricsRoute(): Route {
  return { name: metricsRouteName, ...adminRoute("/stats/prometheus", "/stats/prometheus") };
}

/** Exact, because the admin interface can also stop the proxy. */
function adminRoute(path: string, target: string): Route {
  return {
    match: { pathSpecifier: { case: "path", value: path } },
    action: {
      case: "route",
      value: { clusterSpecifier: { case: "cluster", value: adminClusterName }, prefixRewrite: target },
    },
  };
}

function httpListener(
  name: string,
  address: Listener["address"],
  routes: Route[],
  filters: readonly HttpFilter[],
): Listener {
  const manager = packAny(HttpConnectionManagerSchema, {
    statPrefix: name,
    // As kubelet and Prometheus ask. In HTTP/2 a request can have a body without saying so, which no probe shall have.
    codecType: HttpConnectionManager_CodecType.HTTP1,
    // What passes is not a request of the mesh: it gets no id, no trace and no headers of ours.
    generateRequestId: false,
    routeSpecifier: {
      case: "routeConfig",
      value: { name, virtualHosts: [{ name, domains: ["*"], routes }] },
    },
    httpFilters: [...filters, router()],
  });
  const filter = { name: "envoy.filters.network.http_connection_manager" };
  return {
    name,
    address,
    // Kubelet and Prometheus must get through when the application's connections are at their limit.
    ignoreGlobalConnLimit: true,
    filterChains: [{ filters: [{ ...filter, configType: { case: "typedConfig", value: manager } }] }],
  };
}

function router(): HttpFilter {
  const config = packAny(RouterSchema, { suppressEnvoyHeaders: true });
  return { name: "envoy.filters.http.router", configType: { case: "typedConfig", value: config } };
}
