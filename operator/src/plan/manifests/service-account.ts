import type { Installation } from "../installation.ts";
import type { Manifest } from "../manifest.ts";

/** A ServiceAccount; only pods that say so get its token. */
export function serviceAccount(
  { namespace }: Installation,
  name: string,
  labels: Readonly<Record<string, string>>,
): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, namespace, labels },
    automountServiceAccountToken: false,
  };
}
