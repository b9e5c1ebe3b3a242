import { csiDriverName, volumeAttributes } from "@meshwright/contract/volume";
import type { PatchOperation } from "./json-patch.ts";
import type { Pod } from "./pod.ts";
import { tooManyProbes } from "./probe-limit.ts";
import { probePatch } from "./probe-patch.ts";
import { rewriteProbes } from "./probes.ts";

/**
 * Rewrites the probes of containers that another webhook added to a pod after its injection; the API server then asks
 * again (`reinvocationPolicy: IfNeeded`). Empty when there are none, so that asking once more changes nothing.
 */
export function laterProbesPatch(pod: Pod): readonly PatchOperation[] {
  const probes = rewriteProbes(pod);
  const index = pod.spec.volumes?.findIndex((volume) => volume.csi?.driver === csiDriverName) ?? -1;
  const attributes = pod.spec.volumes?.[index]?.csi?.volumeAttributes;
  const routes = listedRoutes(attributes?.[volumeAttributes.probes]);
  // attributes that are not ours to extend were written by hand, and the node agent will say what is wrong with them
  if (probes.length === 0 || attributes === undefined || routes === undefined) return [];
  const all = [...routes, ...probes.map(({ route }) => route)];
  // too late to refuse: kubelet goes on asking the later containers itself
  if (tooManyProbes(all) !== undefined) return [];
  const value = JSON.stringify(all);
  return [
    ...probePatch(probes),
    { op: "add", path: `/spec/volumes/${index}/csi/volumeAttributes/${volumeAttributes.probes}`, value },
  ];
}

function listedRoutes(attribute = "[]"): readonly unknown[] | undefined {
  try {
    const routes: unknown = JSON.parse(attribute);
    return Array.isArray(routes) ? routes : undefined;
  } catch {
    return undefined;
  }
}
