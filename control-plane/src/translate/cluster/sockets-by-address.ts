import { isIPv6 } from "node:net";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import {
  FilterStateInputSchema,
  TransportSocketNameActionSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/matching/common_inputs/transport_socket/v3/transport_socket_inputs_pb";
import { IpSchema } from "@meshwright/xds-api/gen/envoy/extensions/matching/input_matchers/ip/v3/ip_pb";
import {
  type Matcher_MatcherList_FieldMatcherSchema as FieldMatcherSchema,
  type Matcher,
  MatcherSchema,
  type Matcher_MatcherList_PredicateSchema as PredicateSchema,
} from "@meshwright/xds-api/gen/xds/type/matcher/v3/matcher_pb";
import { destinationKeys } from "../filters/destination-address.ts";
import type { TransportSocket } from "../transport-socket.ts";
import { socketNames, socketsByTlsMode } from "./tls-mode.ts";

/**
 * Gives connections to meshed pods the mesh's socket and all others plaintext, by the address that they are meant for.
 * For clusters whose endpoints are not known before somebody calls them, and thus carry no metadata.
 *
 * @param addresses those of meshed pods, sorted
 */
export function socketsByAddress(addresses: readonly string[], meshSocket: TransportSocket) {
  // Envoy wants at least one address in a list; plaintext is what a cluster speaks by itself.
  if (addresses.length === 0) return {};
  return {
    transportSocketMatches: socketsByTlsMode(meshSocket),
    transportSocketMatcher: matcher([{ predicate: isAnyOf(addresses), onMatch: use(socketNames.mesh) }]),
  };
}

type FieldMatcher = MessageInitShape<typeof FieldMatcherSchema>;
type Predicate = MessageInitShape<typeof PredicateSchema>;

function matcher(matchers: FieldMatcher[]): Matcher {
  return create(MatcherSchema, {
    matcherType: { case: "matcherList", value: { matchers } },
    onNoMatch: use(socketNames.plaintext),
  });
}

/** One trie for all addresses: some twenty bytes for each. */
function isAnyOf(addresses: readonly string[]): Predicate {
  const cidrRanges = addresses.map((address) => ({ addressPrefix: address, prefixLen: isIPv6(address) ? 128 : 32 }));
  const trie = packAny(IpSchema, { cidrRanges, statPrefix: "meshed_pods" });
  const customMatch = { name: "envoy.matching.matchers.ip", typedConfig: trie };
  return {
    matchType: {
      case: "singlePredicate",
      value: { input: remembered(destinationKeys.address), matcher: { case: "customMatch", value: customMatch } },
    },
  };
}

function remembered(key: string) {
  const typedConfig = packAny(FilterStateInputSchema, { key });
  return { name: "envoy.matching.inputs.transport_socket_filter_state", typedConfig };
}

function use(name: string) {
  const typedConfig = packAny(TransportSocketNameActionSchema, { name });
  return {
    onMatch: { case: "action", value: { name: "envoy.matching.action.transport_socket.name", typedConfig } },
  } as const;
}
