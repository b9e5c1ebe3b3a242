import type { MessageInitShape } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import type { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import type { Http2ProtocolOptionsSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/protocol_pb";
import { HttpProtocolOptionsSchema } from "@meshwright/xds-api/gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb";

const extensionName = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** The fields of a cluster that speaks HTTP/2, whatever the request came by. */
export function http2Options(
  http2ProtocolOptions: MessageInitShape<typeof Http2ProtocolOptionsSchema> = {},
): Pick<MessageInitShape<typeof ClusterSchema>, "typedExtensionProtocolOptions"> {
  const protocolConfig = { case: "http2ProtocolOptions", value: http2ProtocolOptions } as const;
  const options = packAny(HttpProtocolOptionsSchema, {
    upstreamProtocolOptions: { case: "explicitHttpConfig", value: { protocolConfig } },
  });
  return { typedExtensionProtocolOptions: { [extensionName]: options } };
}
