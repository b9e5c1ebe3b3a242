import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { packAny } from "@meshwright/xds-api/any";
import {
  type HttpProtocolOptions,
  HttpProtocolOptionsSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb";
import { isHttp2, type Protocol, trafficOf } from "../../model/protocol.ts";

type ProtocolOptions = { [extension: string]: Any };

const extensionName = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** What an outbound cluster speaks: HTTP/2 where the port says so, else HTTP/1.1, or what the client spoke if nothing is said. */
export function protocolOptions(protocol: Protocol): ProtocolOptions {
  if (isHttp2(protocol)) return options(http2());
  return protocol === "auto" ? options(asDownstream()) : {};
}

/** What the application is spoken to: as its clients spoke, unless its port says HTTP/2. */
export function inboundProtocolOptions(protocol: Protocol): ProtocolOptions {
  if (isHttp2(protocol)) return options(http2());
  return trafficOf(protocol) === "tcp" ? {} : options(asDownstream());
}

function options(value: HttpProtocolOptions): ProtocolOptions {
  return { [extensionName]: packAny(HttpProtocolOptionsSchema, value) };
}

function http2(): HttpProtocolOptions {
  const http2ProtocolOptions = { protocolConfig: { case: "http2ProtocolOptions", value: {} } } as const;
  return create(HttpProtocolOptionsSchema, {
    upstreamProtocolOptions: { case: "explicitHttpConfig", value: http2ProtocolOptions },
  });
}

function asDownstream(): HttpProtocolOptions {
  const value = { httpProtocolOptions: {}, http2ProtocolOptions: {} };
  return create(HttpProtocolOptionsSchema, {
    upstreamProtocolOptions: { case: "useDownstreamProtocolConfig", value },
  });
}
