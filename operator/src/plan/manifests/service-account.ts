import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels } from "../manifest.ts";

/** A ServiceAccount; only pods that say so get its token. */
export function serviceAccount(installation: Installation, name: string, component: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, namespace: installation.namespace, labels: managedLabels(installation.name, component) },
    automountServiceAccountToken: false,
  };
}
