import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Address, AddressSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/address_pb";

export function socketAddress(address: string, port: number): Address {
  const value = { address, portSpecifier: { case: "portValue", value: port } } as const;
  const init: MessageInitShape<typeof AddressSchema> = { address: { case: "socketAddress", value } };
  return create(AddressSchema, init);
}
