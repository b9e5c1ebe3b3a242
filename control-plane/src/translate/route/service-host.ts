import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  type Route,
  RouteSchema,
  type VirtualHost,
  VirtualHostSchema,
} from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { Service } from "../../model/service.ts";
import { hostname, outboundClusterName } from "../names.ts";
import { outboundRetries } from "./retry.ts";

/** No time limit: Istio's default, and the only one that does not cut streams. */
export const noTimeout = durationFromMs(0);

/** Translates the virtual host of a Service's port, which sends everything to the Service. */
export function translateServiceHost(
  service: Service,
  port: number,
  domains: readonly string[],
  settings: MeshSettings,
): VirtualHost {
  return create(VirtualHostSchema, {
    name: `${hostname(service, settings)}:${port}`,
    domains: [...domains],
    routes: [defaultRoute(outboundClusterName(service, port, settings))],
    includeRequestAttemptCount: settings.countsAttempts,
  });
}

function defaultRoute(cluster: string): Route {
  return create(RouteSchema, {
    name: "default",
    match: { pathSpecifier: { case: "prefix", value: "/" } },
    action: {
      case: "route",
      value: {
        clusterSpecifier: { case: "cluster", value: cluster },
        timeout: noTimeout,
        retryPolicy: outboundRetries(),
      },
    },
  });
}
