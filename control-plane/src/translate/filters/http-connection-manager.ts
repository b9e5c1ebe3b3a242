import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { packAny } from "@meshwright/xds-api/any";
import type { RouteConfiguration } from "@meshwright/xds-api/gen/envoy/config/route/v3/route_pb";
import { RouterSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/router/v3/router_pb";
import {
  HttpConnectionManager_CodecType as CodecType,
  HttpConnectionManager_ForwardClientCertDetails as ForwardClientCertDetails,
  HttpConnectionManagerSchema,
  type HttpFilter,
  HttpFilterSchema,
  HttpConnectionManager_ServerHeaderTransformation as ServerHeader,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import { adsSource } from "../config-source.ts";
import { accessLogs } from "./access-log.ts";
import { type Filter, networkFilter } from "./network-filter.ts";

const filterName = "envoy.filters.network.http_connection_manager";

/** Handles the requests of this pod's application by a route table that comes by RDS. */
export function outboundHttp(statPrefix: string, routeConfigName: string, settings: MeshSettings): Filter {
  return networkFilter(filterName, HttpConnectionManagerSchema, {
    ...common(statPrefix, settings),
    routeSpecifier: { case: "rds", value: { routeConfigName, configSource: adsSource() } },
    // What an application claims about client certificates must not leave its pod.
    forwardClientCertDetails: ForwardClientCertDetails.SANITIZE,
  });
}

/** Handles requests for this pod's application, and tells it in `x-forwarded-client-cert` who sent them. */
export function inboundHttp(statPrefix: string, routes: RouteConfiguration, settings: MeshSettings): Filter {
  return networkFilter(filterName, HttpConnectionManagerSchema, {
    ...common(statPrefix, settings),
    routeSpecifier: { case: "routeConfig", value: routes },
    // Only the peer that this sidecar has authenticated: an appended header would carry what the peer made up.
    forwardClientCertDetails: ForwardClientCertDetails.SANITIZE_SET,
    setCurrentClientCertDetails: { subject: true, uri: true, dns: true },
  });
}

function common(statPrefix: string, settings: MeshSettings) {
  return {
    statPrefix,
    codecType: CodecType.AUTO,
    httpFilters: [router()],
    httpProtocolOptions: { acceptHttp10: true },
    upgradeConfigs: [{ upgradeType: "websocket" }],
    // Envoy's five minutes would cut quiet streams and WebSockets.
    streamIdleTimeout: durationFromMs(0),
    serverHeaderTransformation: ServerHeader.PASS_THROUGH,
    normalizePath: true,
    accessLog: [...accessLogs(settings)],
  };
}

/** Ends every chain of HTTP filters; Envoy refuses a chain that ends in anything else. */
function router(): HttpFilter {
  const config = packAny(RouterSchema, {});
  return create(HttpFilterSchema, {
    name: "envoy.filters.http.router",
    configType: { case: "typedConfig", value: config },
  });
}
