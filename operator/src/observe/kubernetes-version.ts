import type { KubeClient } from "@meshwright/kube/client";
import { KubeError } from "@meshwright/kube/kube-error";
import { coerce } from "semver";

/**
 * Asks the API server for its version, as `1.37.2`; what vendors append (`-gke.100`) is left out.
 * Errors: KubeError, with reason `Unexpected` when the answer holds no version.
 */
export async function kubernetesVersion(client: KubeClient, signal: AbortSignal): Promise<string> {
  const answer = await client.request({ method: "GET", path: "/version", action: "read the version", signal });
  const text: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "gitVersion") : undefined;
  const version = typeof text === "string" ? coerce(text) : null;
  if (version === null)
    throw new KubeError("Unexpected", `cannot read the version: gitVersion is ${JSON.stringify(text)}`);
  return version.version;
}
