import type { MeshConfig } from "@meshwright/contract/mesh-config";
import type { ContainerSpec } from "./container-spec.ts";
import { identityVolume, type VolumeSpec } from "./identity-volume.ts";
import { addedAnnotations, addedLabels } from "./metadata.ts";
import type { Pod } from "./pod.ts";
import { type RewrittenProbe, rewriteProbes } from "./probes.ts";
import { redirectContainer } from "./redirect-container.ts";
import { sidecarContainer } from "./sidecar-container.ts";

export interface InjectSettings {
  readonly mesh: MeshConfig;
  /** Whether the cluster runs init containers with `restartPolicy: Always` (Kubernetes 1.29 and later). */
  readonly nativeSidecars: boolean;
}

/** What a pod gets. */
export interface Injection {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly volume: VolumeSpec;
  /** Before the user's own, in this order. */
  readonly initContainers: readonly ContainerSpec[];
  /** Before the user's own. */
  readonly containers: readonly ContainerSpec[];
  readonly imagePullSecrets: readonly string[];
  readonly probes: readonly RewrittenProbe[];
}

/**
 * Says what a pod gets. The redirect comes first and the sidecar right after it, so that also the user's init
 * containers have a network; without native sidecars those bypass nothing and reach nothing until the sidecar runs.
 */
export function injection(pod: Pod, { mesh, nativeSidecars }: InjectSettings): Injection {
  const probes = rewriteProbes(pod);
  const sidecar = sidecarContainer(pod, mesh);
  const pullSecrets = missingPullSecrets(pod, mesh.proxy.imagePullSecrets);
  return {
    labels: addedLabels(pod),
    annotations: addedAnnotations(pod, mesh.revision, nativeSidecars, pullSecrets),
    volume: identityVolume(
      mesh.revision,
      probes.map(({ route }) => route),
    ),
    initContainers: nativeSidecars
      ? [redirectContainer(mesh.proxy), { ...sidecar, restartPolicy: "Always" }]
      : [redirectContainer(mesh.proxy)],
    containers: nativeSidecars ? [] : [sidecar],
    imagePullSecrets: pullSecrets,
    probes,
  };
}

function missingPullSecrets(pod: Pod, wanted: readonly string[]): readonly string[] {
  const present = new Set(pod.spec.imagePullSecrets?.map(({ name }) => name));
  return wanted.filter((name) => !present.has(name));
}
