import type { KubeClient } from "@meshwright/kube/client";
import { pods, typed } from "@meshwright/kube/resource-types";
import type { KubeObject, ObjectKey } from "@meshwright/kube/types";

interface Pod extends KubeObject {
  readonly spec?: { readonly containers?: readonly { readonly image?: string }[] };
}

/**
 * Where the operator's own image comes from: what stands in front of the image's name; the other images are next to it.
 * Undefined outside a cluster, and for an image without a registry.
 */
export async function ownRegistry(client: KubeClient, pod: ObjectKey): Promise<string | undefined> {
  const own = await client.get(typed<Pod>(pods), pod);
  return registryOf(own?.spec?.containers?.[0]?.image ?? "");
}

/** `example.org:5000/mesh/operator:v1` is from `example.org:5000/mesh`. */
export function registryOf(image: string): string | undefined {
  const slash = image.lastIndexOf("/");
  return slash < 0 ? undefined : image.slice(0, slash);
}
