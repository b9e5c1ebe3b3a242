import { annotations, labels } from "@meshwright/contract/labels";
import { csiDriverName, volumeAttributes } from "@meshwright/contract/volume";
import type { KubeClient } from "@meshwright/kube/client";
import { pods, typed } from "@meshwright/kube/resource-types";
import { type KubeObject, keyOf } from "@meshwright/kube/types";
import { witnessTypes } from "../api/managed-types.ts";
import type { MeshInstall } from "../api/mesh-install.ts";
import type { PluginUsers, Remains } from "./types.ts";

interface CsiVolume {
  readonly driver: string;
  readonly volumeAttributes?: Readonly<Record<string, string>>;
}

interface Pod extends KubeObject {
  readonly spec?: { readonly volumes?: readonly { readonly csi?: CsiVolume }[] };
  readonly status?: { readonly phase?: string };
}

/** What Kubernetes itself puts into every namespace. */
const furniture: ReadonlySet<string> = new Set(["ConfigMap kube-root-ca.crt", "ServiceAccount default"]);

/** Lists what an uninstall must not cut off or delete. Reads the API server, since nobody watches pods all the time. */
export async function listRemains(client: KubeClient, install: MeshInstall, signal: AbortSignal): Promise<Remains> {
  const { items } = await client.list(typed<Pod>(pods), { signal });
  return {
    kind: "listed",
    meshedPods: items.filter(isMeshed).map(keyOf).toSorted(),
    ownPods: items
      .filter((pod) => isOwn(pod, install))
      .map(keyOf)
      .toSorted(),
    foreign: await listForeign(client, install, signal),
  };
}

/**
 * Lists the pods that cannot get a network without the CNI plugin: those that run need it again when their sandbox is made
 * anew, as after a reboot of the node.
 */
export async function listPluginUsers(client: KubeClient, signal: AbortSignal): Promise<PluginUsers> {
  const { items } = await client.list(typed<Pod>(pods), { signal });
  return { kind: "listed", pods: items.filter(needsPlugin).map(keyOf).toSorted() };
}

/** A pod that has ended holds no volume and no connection any more. */
function isMeshed(pod: Pod): boolean {
  return !hasEnded(pod) && (ourVolumes(pod).length > 0 || pod.metadata.annotations?.[annotations.status] !== undefined);
}

function needsPlugin(pod: Pod): boolean {
  const isLeftToPlugin = ourVolumes(pod).some(
    ({ volumeAttributes: values }) => values?.[volumeAttributes.redirect] === "cni",
  );
  return !hasEnded(pod) && isLeftToPlugin;
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function ourVolumes({ spec }: Pod): readonly CsiVolume[] {
  return (spec?.volumes ?? []).flatMap(({ csi }) => (csi?.driver === csiDriverName ? [csi] : []));
}

function isOwn(object: KubeObject, install: MeshInstall): boolean {
  return object.metadata.labels?.[labels.install] === install.metadata.name;
}

async function listForeign(client: KubeClient, install: MeshInstall, signal: AbortSignal): Promise<readonly string[]> {
  const { namespace } = install.spec;
  const found = await Promise.all(
    witnessTypes.map(async (type) => {
      const { items } = await client.list(type, { namespace, signal });
      return items.filter((object) => !isOwn(object, install)).map((object) => `${type.kind} ${object.metadata.name}`);
    }),
  );
  return found
    .flat()
    .filter((object) => !furniture.has(object))
    .toSorted();
}
