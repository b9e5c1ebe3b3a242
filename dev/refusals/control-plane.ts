import type { ClientOptions } from "@grpc/grpc-js";
import { ports } from "@meshwright/contract/ports";
import { controlPlaneHost, controlPlaneName } from "@meshwright/contract/volume";
import { kubectl } from "../cluster/kubectl.ts";
import { type PortForward, portForward } from "./port-forward.ts";

/** How to reach the control plane of a revision from outside of the cluster. */
export interface ControlPlane {
  readonly address: string;
  /** The certificate is for the name in the cluster, not for the loopback address. */
  readonly options: ClientOptions;
  readonly rootPem: string;
}

/** Where the mesh of the suites is. */
const revision = "default";
const namespace = "mesh-system";

/** Opens a way to the control plane and hands it to the work. */
export async function withControlPlane<T>(work: (controlPlane: ControlPlane) => Promise<T>): Promise<T> {
  using forward: PortForward = await portForward(namespace, controlPlaneName(revision), ports.xds);
  const rootPem = await kubectl([
    "-n",
    namespace,
    "get",
    "configmap",
    "meshwright-ca-root",
    "-o",
    "jsonpath={.data.ca\\.crt}",
  ]);
  const options = { "grpc.ssl_target_name_override": controlPlaneHost(revision, namespace) };
  return await work({ address: forward.address, options, rootPem });
}
