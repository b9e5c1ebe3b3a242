import type { Resources } from "@meshwright/contract/mesh-config";
import type { PodSettings } from "../pod-settings.ts";

type Name = "cpu" | "memory";

export function withRequest(name: Name) {
  return (settings: PodSettings, amount: string): PodSettings => withResource(settings, "requests", name, amount);
}

export function withLimit(name: Name) {
  return (settings: PodSettings, amount: string): PodSettings => withResource(settings, "limits", name, amount);
}

/**
 * A pod whose annotations name any resource has only those that they name, as in Istio: a request beside the mesh's own
 * limit could be more than that limit, and the API server would refuse the pod.
 */
function withResource(settings: PodSettings, kind: keyof Resources, name: Name, amount: string): PodSettings {
  const annotated: Resources = settings.annotatedResources ?? {};
  const resources = { ...annotated, [kind]: { ...annotated[kind], [name]: amount } };
  return { ...settings, annotatedResources: resources, proxy: { ...settings.proxy, resources } };
}
