import { create } from "@bufbuild/protobuf";
import { peerHeader } from "@meshwright/contract/sidecar-metrics";
import {
  type Route,
  RouteSchema,
  type VirtualHost,
  VirtualHostSchema,
} from "@meshwright/xds-api/gen/envoy/config/route/v3/route_components_pb";
import type { OutboundTraffic } from "../../model/mesh-settings.ts";
import { unreachable } from "../../model/unreachable.ts";
import { clusterNames } from "../names.ts";
import { noTimeout } from "./service-host.ts";

/** Translates the virtual host for requests to hosts that are no Service: let through, or answered with 502 as by Istio. */
export function translateUnknownHost(policy: OutboundTraffic): VirtualHost {
  switch (policy) {
    case "allowAny":
      return anyHost("allow_any", passthrough("allow_any"));
    case "registryOnly":
      return anyHost("block_all", blocked("block_all"));
    default:
      return unreachable(policy);
  }
}

function anyHost(name: string, route: Route): VirtualHost {
  // Whoever is outside of the mesh is not told what the client is called.
  return create(VirtualHostSchema, { name, domains: ["*"], routes: [route], requestHeadersToRemove: [peerHeader] });
}

const anyPath = { pathSpecifier: { case: "prefix", value: "/" } } as const;

function passthrough(name: string): Route {
  const clusterSpecifier = { case: "cluster", value: clusterNames.passthrough } as const;
  return create(RouteSchema, {
    name,
    match: anyPath,
    action: { case: "route", value: { clusterSpecifier, timeout: noTimeout } },
  });
}

function blocked(name: string): Route {
  return create(RouteSchema, { name, match: anyPath, action: { case: "directResponse", value: { status: 502 } } });
}
