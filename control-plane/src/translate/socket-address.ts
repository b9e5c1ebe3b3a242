import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { IpStack } from "@meshwright/contract/ip-stack";
import {
  type Address,
  AddressSchema,
  type SocketAddressSchema,
} from "@meshwright/xds-api/gen/envoy/config/core/v3/address_pb";

export function socketAddress(address: string, port: number): Address {
  return translate({ address, portSpecifier: { case: "portValue", value: port } });
}

/** Every address of the pod: IPv4 and IPv6 by one socket, or IPv4 alone where the kernel has no other. */
export function anySocketAddress(port: number, stack: IpStack): Address {
  if (stack === "ipv4") return socketAddress("0.0.0.0", port);
  return translate({ address: "::", ipv4Compat: true, portSpecifier: { case: "portValue", value: port } });
}

function translate(value: MessageInitShape<typeof SocketAddressSchema>): Address {
  return create(AddressSchema, { address: { case: "socketAddress", value } });
}
