import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import { type TransportSocket, TransportSocketSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";

export type { TransportSocket };

/** Wraps the configuration of a transport socket under the extension's name. */
export function transportSocket<D extends DescMessage>(
  name: string,
  schema: D,
  config: MessageInitShape<D>,
): TransportSocket {
  return create(TransportSocketSchema, {
    name,
    configType: { case: "typedConfig", value: packAny(schema, config) },
  });
}
