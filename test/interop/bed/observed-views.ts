import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { volumeMountPath } from "@meshwright/contract/volume";
import type {
  Accepted,
  EncodedResource,
  ProxyView,
  ResourceMap,
  ViewSource,
} from "@meshwright/control-plane/serve/view";
import { listenerNames } from "@meshwright/control-plane/translate/names";
import { packAny } from "@meshwright/xds-api/any";
import { AccessLogSchema } from "@meshwright/xds-api/gen/envoy/config/accesslog/v3/accesslog_pb";
import { ListenerSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_pb";
import { FileAccessLogSchema } from "@meshwright/xds-api/gen/envoy/extensions/access_loggers/file/v3/file_pb";
import { ResourceSchema } from "@meshwright/xds-api/gen/envoy/service/discovery/v3/discovery_pb";

/** File, in the sidecar's volume, with one line per inbound connection that was carried as bytes. */
export const connectionLog = "connections.log";

/** The address from which the application saw the connection come, and the URI of the client's certificate. */
const format = "%UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_PEER_URI_SAN%\n";

/**
 * Shows each proxy a source's views with one addition: the inbound listener writes who its peers were. An application is
 * told that in a header of its requests; for bytes nobody else can say it.
 */
export function observedViews(source: ViewSource): ViewSource {
  return {
    connect: (node, peer) => {
      const connected = source.connect(node, peer);
      return connected.kind === "refused" ? connected : observed(connected);
    },
  };
}

function observed(accepted: Accepted): Accepted {
  const known = new WeakMap<ResourceMap, ResourceMap>();
  const observeAll = (map: ResourceMap): ResourceMap => {
    const inbound = map.get(listenerNames.inbound);
    if (inbound === undefined) return map;
    const seen = known.get(map) ?? new Map([...map, [listenerNames.inbound, withLog(inbound)]]);
    known.set(map, seen);
    return seen;
  };
  const current = (): ProxyView => new Map([...accepted.current()].map(([type, map]) => [type, observeAll(map)]));
  return { kind: "accepted", current, onChange: (listener) => accepted.onChange(listener) };
}

function withLog(encoded: EncodedResource): EncodedResource {
  const message = fromBinary(ResourceSchema, encoded.bytes);
  const listener = fromBinary(ListenerSchema, message.resource?.value ?? new Uint8Array());
  const source = { specifier: { case: "inlineString", value: format } } as const;
  const accessLogFormat = {
    case: "logFormat",
    value: { format: { case: "textFormatSource", value: source } },
  } as const;
  const typedConfig = packAny(FileAccessLogSchema, { path: `${volumeMountPath}/${connectionLog}`, accessLogFormat });
  const log = create(AccessLogSchema, { name: "connections", configType: { case: "typedConfig", value: typedConfig } });
  const resource = packAny(ListenerSchema, { ...listener, accessLog: [log] });
  return { ...encoded, bytes: toBinary(ResourceSchema, create(ResourceSchema, { ...message, resource })) };
}
