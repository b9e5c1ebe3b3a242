import { join } from "node:path";
import { csiDriverName } from "@meshwright/contract/volume";
import type { Logger } from "@meshwright/log/logger";
import { Identity, Node } from "@meshwright/rpc-api/gen/csi/v1/csi_pb";
import { Registration as RegistrationService } from "@meshwright/rpc-api/gen/pluginregistration/v1/api_pb";
import { grpcService } from "@meshwright/rpc-api/grpc-method";
import type { Agent } from "../agent/agent.ts";
import { identityService } from "./identity-service.ts";
import { type NodeServiceOptions, nodeService } from "./node-service.ts";
import { Registration, type RegistrationState } from "./registration.ts";
import { socketLost } from "./socket-guard.ts";
import { serveSocket, stopServer } from "./socket-server.ts";

export interface DriverOptions {
  readonly agent: Agent;
  /** Kubelet's folder, at the same path for kubelet and for this process. */
  readonly kubeletDir: string;
  /** Folder of the CSI socket, also at the same path for both. */
  readonly driverDir: string;
  readonly nodeName: string;
  readonly version: string;
  readonly ensureCni: NodeServiceOptions["ensureCni"];
  readonly logger: Logger;
}

export interface Driver {
  registration(): RegistrationState;
  /** Resolves with the path of a socket file that somebody took away: the process must start anew. */
  readonly socketLost: Promise<string>;
  /** Takes the driver off kubelet's list, and lets calls that are under way end. */
  stop(): Promise<void>;
}

/** Kubelet asks again after a failed call; a first certificate may take this long. */
const stopGraceMs = 5000;

/**
 * Serves the CSI driver and registers it with kubelet. The CSI socket is there before the registration socket, by which
 * kubelet finds it.
 *
 * Errors: rejects when a socket cannot be made.
 */
export async function startDriver(options: DriverOptions): Promise<Driver> {
  const { agent, kubeletDir, driverDir, nodeName, version, ensureCni, logger } = options;
  const endpoint = join(driverDir, "csi.sock");
  const csi = await serveSocket(endpoint, (server) => {
    server.addService(grpcService(Identity), identityService(version));
    server.addService(grpcService(Node), nodeService({ agent, kubeletDir, nodeName, ensureCni, logger }));
  });
  const registration = new Registration(endpoint, logger);
  const registrationSocket = join(kubeletDir, "plugins_registry", `${csiDriverName}-reg.sock`);
  const registrar = await serveSocket(registrationSocket, (server) => {
    server.addService(grpcService(RegistrationService), registration.handlers);
  });
  const stopping = new AbortController();
  return {
    registration: () => registration.state,
    socketLost: socketLost([endpoint, registrationSocket], stopping.signal),
    stop: async () => {
      stopping.abort();
      await stopServer(registrar, stopGraceMs);
      await stopServer(csi, stopGraceMs);
    },
  };
}
