import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { meshSniSuffix } from "@meshwright/contract/mesh-sni";
import { peerFields, peerHeader } from "@meshwright/contract/sidecar-metrics";
import { unknownValue } from "@meshwright/contract/workload-labels";
import { packAny } from "@meshwright/xds-api/any";
import type { FilterStateValueSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/common/set_filter_state/v3/value_pb";
import {
  Config_ValueEncode as Encode,
  ConfigSchema as HeaderToMetadataSchema,
  Config_ValueType as ValueType,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/http/header_to_metadata/v3/header_to_metadata_pb";
import {
  type HttpFilter,
  HttpFilterSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { ConfigSchema as SetFilterStateSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/set_filter_state/v3/set_filter_state_pb";
import { CelSchema } from "@meshwright/xds-api/gen/envoy/extensions/formatter/cel/v3/cel_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import { type Filter, networkFilter } from "../filters/network-filter.ts";
import { expression, type Operator, valueOf } from "./operators.ts";

/** Key under which a connection remembers the namespace that its client's certificate proves. */
export const peerNamespace = "meshwright.peer.namespace";

/** Keys under which a connection remembers which Service its client meant. */
export const calledService = { host: "meshwright.called.host", name: "meshwright.called.name" } as const;

const claims = { namespace: "meshwright", key: "peer" } as const;

/** Longer names are cut: a name of a Kubernetes object has at most so many bytes, a label's value 63. */
const maxNameBytes = { workload: 253, others: 63 } as const;

/**
 * Remembers, once per connection, what a client's certificate and the server name of its connection say. Goes before the
 * filter that handles what the connection carries.
 *
 * @param fallback what is called where the server name names no Service
 */
export function rememberPeer(fallback: string, settings: MeshSettings): Filter {
  return networkFilter("envoy.filters.network.set_filter_state", SetFilterStateSchema, {
    onDownstreamTlsHandshake: [
      remember(peerNamespace, provenNamespace),
      remember(calledService.host, calledHost(settings)),
      remember(calledService.name, calledName(fallback, settings)),
    ],
  });
}

/** A peer of the mesh has one identity in this form, or it would not have passed. */
const uri = "connection.uri_san_peer_certificate";
const provenNamespace = `${uri}.matches('^spiffe://[^/]+/ns/[^/]+/sa/[^/]+$') ? ${uri}.split('/')[4] : '${unknownValue}'`;

/** The server name is `<port>.<host>.<suffix>` (lib/contract, mesh-sni.ts); that of a long host is a digest, which tells nothing. */
const serverName = "connection.requested_server_name";

function isService({ clusterDomain }: MeshSettings): string {
  const literal = (name: string): string => name.replaceAll(".", "[.]");
  const pattern = `^[0-9]+[.][^.]+[.][^.]+[.]svc[.]${literal(clusterDomain)}[.]${literal(meshSniSuffix)}$`;
  return `${serverName}.matches('${pattern}')`;
}

function calledHost(settings: MeshSettings): string {
  const [name, namespace] = [`${serverName}.split('.')[1]`, `${serverName}.split('.')[2]`];
  const host = `${name} + '.' + ${namespace} + '.svc.${settings.clusterDomain}'`;
  return `${isService(settings)} ? ${host} : '${unknownValue}'`;
}

function calledName(fallback: string, settings: MeshSettings): string {
  return `${isService(settings)} ? ${serverName}.split('.')[1] : '${fallback}'`;
}

function remember(objectKey: string, text: string): MessageInitShape<typeof FilterStateValueSchema> {
  const source = { specifier: { case: "inlineString", value: valueOf(expression(text)) } } as const;
  const cel = packAny(CelSchema, { celConfig: { enableStringFunctions: true, enableStringConcat: true } });
  return {
    key: { case: "objectKey", value: objectKey },
    factoryKey: "envoy.string",
    value: {
      case: "formatString",
      value: {
        format: { case: "textFormatSource", value: source },
        formatters: [{ name: "envoy.formatter.cel", typedConfig: cel }],
      },
    },
  };
}

/** Reads what the client's sidecar says of its workload. The route takes the header off. */
export function readClaims(): HttpFilter {
  const onHeaderPresent = {
    metadataNamespace: claims.namespace,
    key: claims.key,
    type: ValueType.PROTOBUF_VALUE,
    encode: Encode.BASE64,
  };
  const config = packAny(HeaderToMetadataSchema, { requestRules: [{ header: peerHeader, onHeaderPresent }] });
  return create(HttpFilterSchema, {
    name: "envoy.filters.http.header_to_metadata",
    configType: { case: "typedConfig", value: config },
  });
}

/** What the client's sidecar says of its workload, within the namespace and the account that its certificate proves. */
export function claim(field: keyof typeof peerFields): Operator {
  return {
    command: "DYNAMIC_METADATA",
    param: `${claims.namespace}:${claims.key}:${peerFields[field]}`,
    maxLength: field === "workload" ? maxNameBytes.workload : maxNameBytes.others,
  };
}
