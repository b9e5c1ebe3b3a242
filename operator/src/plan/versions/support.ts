import { coerce, satisfies } from "semver";
import type { CatalogueEntry } from "../../api/catalogue.ts";

/** Whether a version gets no more fixes on a day. */
export function isEndOfLife({ endOfLife }: CatalogueEntry, now: Date): boolean {
  return endOfLife !== undefined && now.toISOString().slice(0, 10) >= endOfLife;
}

/** Whether a version is meant for a Kubernetes; what a provider puts behind the number, as in `1.34.1-gke.100`, does not count. */
export function runsOn({ kubernetes }: CatalogueEntry, kubernetesVersion: string): boolean {
  return satisfies(coerce(kubernetesVersion) ?? kubernetesVersion, kubernetes.range);
}
