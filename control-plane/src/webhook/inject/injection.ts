import type { CaptureAttribute } from "@meshwright/contract/capture-attribute";
import type { MeshConfig } from "@meshwright/contract/mesh-config";
import type { ContainerSpec } from "./container-spec.ts";
import { type DeclaredProxy, declaredProxy } from "./declared-proxy.ts";
import { identityVolume } from "./identity-volume.ts";
import { addedAnnotations, addedLabels } from "./metadata.ts";
import { type OverlaidContainer, overlay } from "./overlay.ts";
import type { Pod } from "./pod.ts";
import type { PodSettings } from "./pod-settings.ts";
import { type RewrittenProbe, rewriteProbes } from "./probes.ts";
import { proxyContainer } from "./proxy-container.ts";
import { redirectContainer } from "./redirect-container.ts";

export interface InjectSettings {
  readonly mesh: MeshConfig;
  /** Whether the cluster runs init containers with `restartPolicy: Always` (Kubernetes 1.29 and later). */
  readonly nativeSidecars: boolean;
  /** Of the control plane, and so of the sidecars that it injects; absent: not known. */
  readonly version?: string;
}

type InjectedContainer = ContainerSpec | OverlaidContainer;

/** What a pod gets. */
export interface Injection {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly volumes: readonly { readonly name: string }[];
  /** The user's proxy container, which ours takes the place of. */
  readonly replaced: DeclaredProxy | undefined;
  /** Before the user's own, in this order. */
  readonly initContainers: readonly InjectedContainer[];
  /** Before the user's own. */
  readonly containers: readonly InjectedContainer[];
  readonly imagePullSecrets: readonly string[];
  readonly probes: readonly RewrittenProbe[];
  readonly sysctls: readonly { readonly name: string; readonly value: string }[];
}

/** Lets a gateway listen on 80 and 443 without a capability; one of Kubernetes' safe sysctls. */
const unprivilegedPorts = { name: "net.ipv4.ip_unprivileged_port_start", value: "0" };

/** Says what a pod gets. */
export function injection(pod: Pod, settings: PodSettings, version?: string): Injection {
  const isSidecar = settings.template === "sidecar";
  const probes = isSidecar && settings.rewritesProbes ? rewriteProbes(pod) : [];
  const replaced = declaredProxy(pod);
  const pullSecrets = missingPullSecrets(pod, settings.proxy.imagePullSecrets);
  const routes = probes.map(({ route }) => route);
  const redirect = isSidecar ? settings.redirect : "init";
  const containers = placed(pod, settings, replaced);
  return {
    labels: addedLabels(pod, settings),
    annotations: addedAnnotations(pod, settings, {
      initContainers: containers.initContainers.map(({ name }) => name),
      containers: containers.containers.map(({ name }) => name),
      imagePullSecrets: pullSecrets,
    }),
    volumes: [
      identityVolume({ ...settings, version, routes, redirect, capture: captured(settings) }),
      ...settings.volumes,
    ],
    replaced,
    ...containers,
    imagePullSecrets: pullSecrets,
    probes,
    sysctls: isSidecar ? [] : missingSysctls(pod),
  };
}

/** Nothing of a gateway's is captured: it has no rules. */
function captured({ template, capture, capturesDns }: PodSettings): CaptureAttribute {
  if (template === "gateway") return {};
  return { ...capture, ...(capturesDns && { dns: true }) };
}

/**
 * The redirect comes first and the sidecar right after it, so that also the user's init containers have a network;
 * without native sidecars those bypass nothing and reach nothing until the sidecar runs. In CNI mode the redirect is there
 * before any container. A gateway takes only what is sent to it, so that it has no redirect.
 */
function placed(
  pod: Pod,
  settings: PodSettings,
  replaced: DeclaredProxy | undefined,
): Pick<Injection, "initContainers" | "containers"> {
  const ours = proxyContainer(pod, settings);
  const proxy = replaced === undefined ? ours : overlay(ours, replaced.container);
  if (settings.template === "gateway") return { initContainers: [], containers: [proxy] };
  const redirect = settings.redirect === "init" ? [redirectContainer(settings)] : [];
  return settings.isNative
    ? { initContainers: [...redirect, { ...proxy, restartPolicy: "Always" }], containers: [] }
    : { initContainers: redirect, containers: [proxy] };
}

function missingPullSecrets(pod: Pod, wanted: readonly string[]): readonly string[] {
  const present = new Set(pod.spec.imagePullSecrets?.map(({ name }) => name));
  return wanted.filter((name) => !present.has(name));
}

function missingSysctls(pod: Pod): Injection["sysctls"] {
  const isSet = pod.spec.securityContext?.sysctls?.some(({ name }) => name === unprivilegedPorts.name) ?? false;
  return isSet ? [] : [unprivilegedPorts];
}
