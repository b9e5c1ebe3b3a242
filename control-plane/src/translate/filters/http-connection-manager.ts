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
import { countMessages } from "../metrics/grpc-messages.ts";
import { type HttpContent, httpMetrics } from "../metrics/http-metrics.ts";
import type { Reporter, Server } from "../metrics/labels.ts";
import { readIntroduction } from "../metrics/peer.ts";
import { accessLogs } from "./access-log.ts";
import { type Filter, networkFilter } from "./network-filter.ts";

const filterName = "envoy.filters.network.http_connection_manager";

/** What handles requests, on either side. */
interface Http {
  readonly statPrefix: string;
  readonly content: HttpContent;
}

export interface OutboundHttp extends Http {
  readonly routeConfigName: string;
}

/** Handles the requests of this pod's application by a route table that comes by RDS. */
export function outboundHttp({ routeConfigName, ...http }: OutboundHttp, settings: MeshSettings): Filter {
  return networkFilter(filterName, HttpConnectionManagerSchema, {
    ...common(http, { kind: "source" }, settings),
    httpFilters: [...filters(http), router()],
    routeSpecifier: { case: "rds", value: { routeConfigName, configSource: adsSource() } },
    // What an application claims about client certificates must not leave its pod.
    forwardClientCertDetails: ForwardClientCertDetails.SANITIZE,
  });
}

/** Where the requests for this pod's application come from and go to. */
export interface InboundHttp extends Http {
  readonly routes: RouteConfiguration;
  readonly reporter: Server;
}

/** Handles requests for this pod's application, and tells it in `x-forwarded-client-cert` who sent them. */
export function inboundHttp({ routes, reporter, ...http }: InboundHttp, settings: MeshSettings): Filter {
  return networkFilter(filterName, HttpConnectionManagerSchema, {
    ...common(http, reporter, settings),
    // Nobody is believed who has no certificate.
    httpFilters: [...(reporter.client === "proven" ? [readIntroduction()] : []), ...filters(http), router()],
    routeSpecifier: { case: "routeConfig", value: routes },
    // Only the peer that this sidecar has authenticated: an appended header would carry what the peer made up.
    forwardClientCertDetails: ForwardClientCertDetails.SANITIZE_SET,
    setCurrentClientCertDetails: { subject: true, uri: true, dns: true },
  });
}

function filters({ content }: Http): readonly HttpFilter[] {
  return content === "grpc" ? countMessages() : [];
}

function common({ statPrefix, content }: Http, reporter: Reporter, settings: MeshSettings) {
  return {
    statPrefix,
    codecType: CodecType.AUTO,
    httpProtocolOptions: { acceptHttp10: true },
    upgradeConfigs: [{ upgradeType: "websocket" }],
    // Envoy's five minutes would cut quiet streams and WebSockets.
    streamIdleTimeout: durationFromMs(0),
    serverHeaderTransformation: ServerHeader.PASS_THROUGH,
    normalizePath: true,
    accessLog: [...accessLogs(settings), ...httpMetrics(reporter, content)],
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
