import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import {
  FilterStateInputSchema,
  TransportSocketNameActionSchema,
} from "@meshwright/xds-api/gen/envoy/extensions/matching/common_inputs/transport_socket/v3/transport_socket_inputs_pb";
import { IpSchema } from "@meshwright/xds-api/gen/envoy/extensions/matching/input_matchers/ip/v3/ip_pb";
import {
  type Matcher_MatcherList_FieldMatcherSchema as FieldMatcherSchema,
  MatcherSchema,
  type Matcher_MatcherList_PredicateSchema as PredicateSchema,
} from "@meshwright/xds-api/gen/xds/type/matcher/v3/matcher_pb";
import type { MeshedAddress } from "../../model/meshed-addresses.ts";
import { destinationKeys } from "../filters/destination-address.ts";
import type { TransportSocket } from "../transport-socket.ts";
import { addressBlocks } from "./address-blocks.ts";
import { type AddressRule, addressRules } from "./address-rules.ts";
import { socketNames, socketsByTlsMode } from "./tls-mode.ts";

/**
 * Gives connections to meshed pods the mesh's socket and all others plaintext, by the address that they are meant for.
 * For clusters whose endpoints are not known before somebody calls them, and thus carry no metadata.
 *
 * @param pods sorted by address
 */
export function socketsByAddress(pods: readonly MeshedAddress[], meshSocket: TransportSocket) {
  const matchers = addressRules(pods).map(fieldMatcher);
  // Envoy wants at least one rule in a list; plaintext is what a cluster speaks by itself.
  if (matchers.length === 0) return {};
  return {
    transportSocketMatches: socketsByTlsMode(meshSocket),
    transportSocketMatcher: create(MatcherSchema, {
      matcherType: { case: "matcherList", value: { matchers } },
      onNoMatch: use("plaintext"),
    }),
  };
}

type Predicate = MessageInitShape<typeof PredicateSchema>;

function fieldMatcher({ addresses, port, socket }: AddressRule): MessageInitShape<typeof FieldMatcherSchema> {
  const isAddress = isAnyOf(addresses);
  if (port === undefined) return { predicate: isAddress, onMatch: use(socket) };
  const predicate = [isPort(port), isAddress];
  return { predicate: { matchType: { case: "andMatcher", value: { predicate } } }, onMatch: use(socket) };
}

/** One trie for all addresses: some twenty bytes for each block. */
function isAnyOf(addresses: readonly string[]): Predicate {
  const cidrRanges = addressBlocks(addresses).map(({ prefix, length }) => ({
    addressPrefix: prefix,
    prefixLen: length,
  }));
  const typedConfig = packAny(IpSchema, { cidrRanges, statPrefix: "meshed_pods" });
  const value = { name: "envoy.matching.matchers.ip", typedConfig };
  return remembered(destinationKeys.address, { case: "customMatch", value });
}

function isPort(port: number): Predicate {
  const value = { matchPattern: { case: "exact", value: String(port) } } as const;
  return remembered(destinationKeys.port, { case: "valueMatch", value });
}

type SinglePredicate = Extract<NonNullable<Predicate["matchType"]>, { case: "singlePredicate" }>["value"];

function remembered(key: string, matcher: NonNullable<SinglePredicate["matcher"]>): Predicate {
  const typedConfig = packAny(FilterStateInputSchema, { key });
  const input = { name: "envoy.matching.inputs.transport_socket_filter_state", typedConfig };
  return { matchType: { case: "singlePredicate", value: { input, matcher } } };
}

function use(socket: keyof typeof socketNames) {
  const typedConfig = packAny(TransportSocketNameActionSchema, { name: socketNames[socket] });
  const value = { name: "envoy.matching.action.transport_socket.name", typedConfig };
  return { onMatch: { case: "action", value } } as const;
}
