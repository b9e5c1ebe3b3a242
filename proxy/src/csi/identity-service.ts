import { create } from "@bufbuild/protobuf";
import { csiDriverName } from "@meshwright/contract/volume";
import {
  GetPluginCapabilitiesResponseSchema,
  GetPluginInfoResponseSchema,
  type Identity,
  ProbeResponseSchema,
} from "@meshwright/rpc-api/gen/csi/v1/csi_pb";
import type { GrpcHandlers } from "@meshwright/rpc-api/grpc-method";

/** Implements the CSI identity service. A volume is made from nothing, so there are no capabilities to speak of. */
export function identityService(vendorVersion: string): GrpcHandlers<(typeof Identity)["method"]> {
  return {
    getPluginInfo: (_, callback) =>
      callback(null, create(GetPluginInfoResponseSchema, { name: csiDriverName, vendorVersion })),
    getPluginCapabilities: (_, callback) => callback(null, create(GetPluginCapabilitiesResponseSchema)),
    probe: (_, callback) => callback(null, create(ProbeResponseSchema, { ready: true })),
  };
}
