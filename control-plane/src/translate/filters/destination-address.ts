import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type FilterStateValueSchema,
  FilterStateValue_SharedWithUpstream as SharedWithUpstream,
} from "@meshwright/xds-api/gen/envoy/extensions/filters/common/set_filter_state/v3/value_pb";
import { ConfigSchema } from "@meshwright/xds-api/gen/envoy/extensions/filters/network/set_filter_state/v3/set_filter_state_pb";
import { type Filter, networkFilter } from "./network-filter.ts";

/** Keys under which a connection remembers where the application meant it to go. */
export const destinationKeys = {
  address: "meshwright.destination.address",
  port: "meshwright.destination.port",
} as const;

/**
 * Remembers a connection's destination for the choice of the transport socket, which sees nothing else of it. Goes
 * before the filter that opens the connection upstream.
 */
export function destinationAddress(): Filter {
  return networkFilter("envoy.filters.network.set_filter_state", ConfigSchema, {
    onNewConnection: [
      remember(destinationKeys.address, "%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%"),
      remember(destinationKeys.port, "%DOWNSTREAM_LOCAL_PORT%"),
    ],
  });
}

function remember(objectKey: string, format: string): MessageInitShape<typeof FilterStateValueSchema> {
  const textFormatSource = { specifier: { case: "inlineString", value: format } } as const;
  return {
    key: { case: "objectKey", value: objectKey },
    factoryKey: "envoy.string",
    value: { case: "formatString", value: { format: { case: "textFormatSource", value: textFormatSource } } },
    sharedWithUpstream: SharedWithUpstream.ONCE,
  };
}
