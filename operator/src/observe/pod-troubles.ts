import { labels } from "@meshwright/contract/labels";
import type { KubeClient } from "@meshwright/kube/client";
import { pods, typed } from "@meshwright/kube/resource-types";
import type { KubeObject } from "@meshwright/kube/types";
import type { MeshInstall } from "../api/mesh-install.ts";
import { componentLabel } from "../api/names.ts";
import type { OwnedObject, PodTrouble } from "./types.ts";

interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  readonly lastState?: { readonly terminated?: { readonly exitCode: number; readonly reason?: string } };
}

interface Pod extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/**
 * Lists what keeps the install's own pods from running; nothing is asked while every workload of it says that all its pods do.
 * Errors: KubeError of the list.
 */
export async function listPodTroubles(
  {
    client,
    install,
    owned,
  }: { readonly client: KubeClient; readonly install: MeshInstall; readonly owned: readonly OwnedObject[] },
  signal: AbortSignal,
): Promise<readonly PodTrouble[]> {
  if (!owned.some(lacksPods)) return [];
  const labelSelector = `${labels.install}=${install.metadata.name}`;
  const { items } = await client.list(typed<Pod>(pods), { namespace: install.spec.namespace, labelSelector, signal });
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined).flatMap(troublesOf);
}

/** Whether a Deployment or DaemonSet says that pods of it are not available. */
function lacksPods({ status }: OwnedObject): boolean {
  if (typeof status !== "object" || status === null) return false;
  const counts = ["unavailableReplicas", "numberUnavailable"].map((field) => Number(Reflect.get(status, field) ?? 0));
  return counts.some((count) => count > 0);
}

/** What keeps a pod from running, in words that stay the same while nothing changes. */
export function troublesOf({ metadata, status }: Pod): readonly PodTrouble[] {
  const own = metadata.labels ?? {};
  const trouble = (detail: string): PodTrouble => ({
    component: own[componentLabel] ?? "",
    ...(own[labels.revision] === undefined ? {} : { revision: own[labels.revision] }),
    detail,
  });
  const unscheduled = (status?.conditions ?? []).find(
    ({ type, status: is }) => type === "PodScheduled" && is === "False",
  );
  if (unscheduled !== undefined)
    return [trouble(`no node takes its pod: ${unscheduled.message ?? "no reason is given"}`)];
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.flatMap((container) => {
    const detail = troubleOf(container);
    return detail === undefined ? [] : [trouble(detail)];
  });
}

const pullReasons: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
]);

/** Kubelet tells of one failure in turns by different reasons; the image and the cause are in all of them. */
function troubleOf({ name, image, state, lastState }: ContainerStatus): string | undefined {
  const { reason = "", message = "" } = state?.waiting ?? {};
  if (pullReasons.has(reason)) return `image "${image}" cannot be pulled${causeOf(message, image)}`;
  if (reason === "CrashLoopBackOff") {
    const { exitCode, reason: why = "Error" } = lastState?.terminated ?? { exitCode: -1 };
    const code = exitCode < 0 ? "" : ` with code ${exitCode} (${why})`;
    return `container "${name}" of image "${image}" ends again and again${code}: see its log`;
  }
  if (reason === "CreateContainerConfigError" || reason === "CreateContainerError" || reason === "RunContainerError")
    return `container "${name}" of image "${image}" cannot be created: ${message}`;
  return undefined;
}

/** The cause alone, without kubelet's words around it, which alternate. */
function causeOf(message: string, image: string): string {
  const cause = message.replace(/^Back-off pulling image "[^"]*":? ?/, "").replace(/^ErrImagePull: ?/, "");
  const told = cause.replaceAll(`"${image}"`, "it").trim();
  return told === "" ? "" : `: ${told}`;
}
