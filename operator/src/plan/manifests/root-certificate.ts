import { components, names, rootCertificateKey } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels } from "../manifest.ts";

/** ConfigMap with the root certificate alone: by it the node agent knows the control plane. */
export function rootCertificateConfigMap({ name, namespace, root }: Installation): Manifest {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: names.rootCertificate, namespace, labels: managedLabels(name, components.nodeAgent) },
    data: { [rootCertificateKey]: root },
  };
}
