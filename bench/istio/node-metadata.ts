import type { JsonObject } from "@bufbuild/protobuf";
import { type PodIdentity, podLabels } from "../mesh/objects.ts";

/** Returns what istiod reads of a sidecar, as Istio's agent writes it into the bootstrap. */
export function nodeMetadata({ namespace, name, serviceAccount, address }: PodIdentity): JsonObject {
  return {
    NAMESPACE: namespace,
    NAME: name,
    WORKLOAD_NAME: serviceAccount,
    SERVICE_ACCOUNT: serviceAccount,
    LABELS: { ...podLabels(serviceAccount) },
    INSTANCE_IPS: address,
    CLUSTER_ID: "Kubernetes",
    MESH_ID: "cluster.local",
    ISTIO_VERSION: "1.31.0",
    INTERCEPTION_MODE: "REDIRECT",
  };
}
