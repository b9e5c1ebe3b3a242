import { create } from "@bufbuild/protobuf";
import { peerHeader } from "@meshwright/contract/sidecar-metrics";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import type { Protocol } from "../../model/protocol.ts";
import { inboundRetries } from "./retry.ts";
import { noTimeout } from "./service-host.ts";

/** Translates the routes of an inbound listener: everything goes to the application. */
export function translateInboundRoutes(cluster: string, protocol: Protocol): RouteConfiguration {
  // A gRPC client decides itself what to do about a call that failed.
  const retries = protocol === "grpc" || protocol === "grpc-web" ? {} : { retryPolicy: inboundRetries() };
  const action = { clusterSpecifier: { case: "cluster", value: cluster }, timeout: noTimeout, ...retries } as const;
  const route = {
    name: "default",
    match: { pathSpecifier: { case: "prefix", value: "/" } },
    action: { case: "route", value: action },
  } as const;
  return create(RouteConfigurationSchema, {
    name: cluster,
    virtualHosts: [{ name: "inbound|http", domains: ["*"], routes: [route] }],
    validateClusters: false,
    // What another sidecar says to this one is not for the application, and what anybody else puts there is for nobody.
    requestHeadersToRemove: [peerHeader],
  });
}
