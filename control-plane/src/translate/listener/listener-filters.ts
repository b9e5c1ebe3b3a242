import { create, type DescMessage } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import {
  type ListenerFilter,
  ListenerFilterSchema,
  type ListenerFilterChainMatchPredicate as MatchPredicate,
  ListenerFilterChainMatchPredicateSchema as MatchPredicateSchema,
} from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_components_pb";
import { HttpInspectorSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/listener/http_inspector/v3/http_inspector_pb";
import { OriginalDstSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/listener/original_dst/v3/original_dst_pb";
import { TlsInspectorSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb";

/** Application protocols that the HTTP inspector finds in plaintext. */
export const sniffedHttp = ["http/1.0", "http/1.1", "h2c"] as const;

/** Restores the address that a redirected connection was meant for. */
export function originalDestination(): ListenerFilter {
  return listenerFilter("envoy.filters.listener.original_dst", OriginalDstSchema);
}

/** Tells TLS from plaintext, and reads the server name and the application protocols, except on ports of which that does not matter. */
export function tlsInspector(otherPorts: readonly number[]): ListenerFilter {
  return exceptOn(otherPorts, listenerFilter("envoy.filters.listener.tls_inspector", TlsInspectorSchema));
}

/** Tells HTTP from other plaintext, except on ports of which it is known. */
export function httpInspector(knownPorts: readonly number[]): ListenerFilter {
  return exceptOn(knownPorts, listenerFilter("envoy.filters.listener.http_inspector", HttpInspectorSchema));
}

function exceptOn(ports: readonly number[], filter: ListenerFilter): ListenerFilter {
  return ports.length === 0 ? filter : create(ListenerFilterSchema, { ...filter, filterDisabled: anyPort(ports) });
}

function listenerFilter(name: string, schema: DescMessage): ListenerFilter {
  return create(ListenerFilterSchema, { name, configType: { case: "typedConfig", value: packAny(schema, {}) } });
}

function anyPort(ports: readonly number[]): MatchPredicate {
  const [first, ...others] = ports.map(onePort);
  // Envoy wants at least two members in a disjunction.
  if (first !== undefined && others.length === 0) return first;
  const rules = ports.map(onePort);
  return create(MatchPredicateSchema, { rule: { case: "orMatch", value: { rules } } });
}

function onePort(port: number): MatchPredicate {
  return create(MatchPredicateSchema, {
    rule: { case: "destinationPortRange", value: { start: port, end: port + 1 } },
  });
}
