import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { meshSniSuffix } from "@meshwright/contract/mesh-sni";
import { fieldSeparator, introductionFields, peerHeader } from "@meshwright/contract/sidecar-metrics";
import { unknownValue } from "@meshwright/contract/workload-labels";
import { packAny } from "@meshwright/xds-api/any";
import type { FilterStateValueSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/common/set_filter_state/v3/value_pb";
import { ConfigSchema as HeaderToMetadataSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/http/header_to_metadata/v3/header_to_metadata_pb";
import {
  type HttpFilter,
  HttpFilterSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb";
import { ConfigSchema as SetFilterStateSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/set_filter_state/v3/set_filter_state_pb";
import { CelSchema } from "@meshwright/xds-api/gen/envoy/extensions/formatter/cel/v3/cel_pb";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import { type Filter, networkFilter } from "../filters/network-filter.ts";
import { expression, valueOf } from "./operators.ts";

/** Key under which a connection remembers what its client's certificate and the server name say: `connectionFields`. */
const peerKey = "meshwright.peer";

export const rememberedPeer = valueOf("FILTER_STATE", `${peerKey}:PLAIN`);

const claims = { namespace: "meshwright", key: "peer" } as const;

/** A name of 253 bytes, four labels of 63 and a cluster; what is longer is cut. */
const maxIntroductionBytes = 600;

/** What the client's sidecar says of its workload, within the namespace and the account that its certificate proves. */
export const introduction = valueOf("DYNAMIC_METADATA", `${claims.namespace}:${claims.key}`, maxIntroductionBytes);

/**
 * Remembers, once per connection, what a client's certificate and the server name of its connection say. Goes before the
 * filter that handles what the connection carries.
 *
 * @param fallback what is called where the server name names no Service
 */
export function rememberPeer(fallback: string, settings: MeshSettings): Filter {
  const fields = [provenNamespace, calledHost(settings), calledName(fallback, settings)];
  const value = fields.map(expression).join(fieldSeparator);
  return networkFilter("envoy.filters.network.set_filter_state", SetFilterStateSchema, {
    onDownstreamTlsHandshake: [remember(peerKey, value)],
  });
}

/** A peer of the mesh has one identity in this form, or it would not have passed. */
const uri = "connection.uri_san_peer_certificate";
const provenNamespace = `${uri}.matches('^spiffe://[^/]+/ns/[a-z0-9-]+/sa/[^/]+$') ? ${uri}.split('/')[4] : '${unknownValue}'`;

/** The server name is `<port>.<host>.<suffix>` (lib/contract, mesh-sni.ts); that of a long host is a digest, which tells nothing. */
const serverName = "connection.requested_server_name";

function isService({ clusterDomain }: MeshSettings): string {
  const literal = (name: string): string => name.replaceAll(".", "[.]");
  const pattern = `^[0-9]+[.][a-z0-9-]+[.][a-z0-9-]+[.]svc[.]${literal(clusterDomain)}[.]${literal(meshSniSuffix)}$`;
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

function remember(objectKey: string, value: string): MessageInitShape<typeof FilterStateValueSchema> {
  const source = { specifier: { case: "inlineString", value } } as const;
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

/**
 * What an introduction is made of: names and labels of Kubernetes and what separates them. Whoever has a certificate may send
 * something else; of that nothing stays, so that it cannot be mistaken for more labels than it is. Short, since Envoy refuses
 * long expressions.
 */
const wellFormed = `^([A-Za-z0-9._-]+(${fieldSeparator}[A-Za-z0-9._-]+){${introductionFields.length - 1}})$`;

/** Reads what the client's sidecar says of its workload. The route takes the header off. */
export function readIntroduction(): HttpFilter {
  // Where the first does not match, the whole value is replaced by nothing; Envoy then takes the header for absent.
  const regex = `${wellFormed}|.*`;
  const onHeaderPresent = {
    metadataNamespace: claims.namespace,
    key: claims.key,
    regexValueRewrite: { pattern: { regex }, substitution: String.raw`\1` },
  } as const;
  const config = packAny(HeaderToMetadataSchema, { requestRules: [{ header: peerHeader, onHeaderPresent }] });
  return create(HttpFilterSchema, {
    name: "envoy.filters.http.header_to_metadata",
    configType: { case: "typedConfig", value: config },
  });
}
