import type { MessageInitShape } from "@bufbuild/protobuf";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { type AddressSchema, SocketAddress_Protocol } from "@meshwright/xds-api/gen/envoy/config/core/v3/address_pb";

type Address = MessageInitShape<typeof AddressSchema>;

/** A TCP address. */
export function socketAddress(address: string, port: number): Address {
  return socket({ address, portSpecifier: { case: "portValue", value: port } });
}

/** A UDP address. */
export function udpAddress(address: string, port: number): Address {
  const portSpecifier = { case: "portValue", value: port } as const;
  return socket({ address, portSpecifier, protocol: SocketAddress_Protocol.UDP });
}

/** Every address of the pod: IPv4 and IPv6 by one socket, or IPv4 alone where the kernel has no other. */
export function anyAddress(port: number, stack: IpStack): Address {
  if (stack === "ipv4") return socketAddress("0.0.0.0", port);
  return socket({ address: "::", ipv4Compat: true, portSpecifier: { case: "portValue", value: port } });
}

type SocketAddress = Extract<NonNullable<Address["address"]>, { case: "socketAddress" }>["value"];

function socket(value: SocketAddress): Address {
  return { address: { case: "socketAddress", value } };
}
