import { address, type MeshService, type PodIdentity } from "../../mesh/objects.ts";

/** Behind all Services and pods of the largest mesh. */
const first = 32_768;

/** Returns a Service with an HTTP port that is in no mesh of the benchmark. @param from number of its first address */
export function extraService(name: string, pods: number, from: number): MeshService {
  return {
    namespace: "ns-0",
    name,
    clusterIP: address("198.19", first + from),
    hasTcpPort: false,
    pods: Array.from({ length: pods }, (_, index) => extraPod(name, from + index)),
  };
}

function extraPod(service: string, number: number): PodIdentity {
  return {
    namespace: "ns-0",
    name: `${service}-${number}`,
    serviceAccount: service,
    address: address("198.18", first + number),
  };
}
