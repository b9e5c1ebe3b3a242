import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { packAny } from "@meshwright/xds-api/any";
import { type Filter, FilterSchema } from "@meshwright/xds-api/gen/envoy/config/listener/v3/listener_components_pb";

export type { Filter };

/** Wraps the configuration of a network filter under the extension's name. */
export function networkFilter<D extends DescMessage>(name: string, schema: D, config: MessageInitShape<D>): Filter {
  return create(FilterSchema, { name, configType: { case: "typedConfig", value: packAny(schema, config) } });
}
