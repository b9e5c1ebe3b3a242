import type { MeshConfig, ProxyConfig } from "@meshwright/contract/mesh-config";
import { ports } from "@meshwright/contract/ports";
import { proxyUid, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { canonicalName } from "./canonical.ts";
import { concurrency } from "./concurrency.ts";
import type { ContainerSpec, EnvVar, ProbeSpec, SecurityContext } from "./container-spec.ts";
import { identityMount } from "./identity-volume.ts";
import { sidecarName } from "./names.ts";
import type { Pod } from "./pod.ts";

/** Kubernetes' default of `terminationGracePeriodSeconds`. */
const defaultGraceSeconds = 30;
/** What is left of the grace period for Envoy to end after it drained. */
const shutdownReserveSeconds = 5;

const health = { path: "/healthz/ready", port: ports.health, scheme: "HTTP" } as const;

/** Kubelet starts nothing after a native sidecar before this succeeds: ten minutes for image pulls and a slow control plane. */
const startupProbe: ProbeSpec = { httpGet: health, periodSeconds: 1, timeoutSeconds: 3, failureThreshold: 600 };
const readinessProbe: ProbeSpec = { httpGet: health, periodSeconds: 15, timeoutSeconds: 3, failureThreshold: 4 };

const securityContext: SecurityContext = {
  runAsUser: proxyUid,
  runAsGroup: proxyUid,
  runAsNonRoot: true,
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** The sidecar: Envoy and nothing else. */
export function sidecarContainer(pod: Pod, mesh: MeshConfig): ContainerSpec {
  const { proxy } = mesh;
  return {
    name: sidecarName,
    image: proxy.image,
    imagePullPolicy: proxy.imagePullPolicy,
    command: ["/usr/local/bin/envoy"],
    args: [...identityArguments(pod, mesh), ...runtimeArguments(proxy)],
    env: [
      fieldVariable("POD_NAME", "metadata.name"),
      fieldVariable("POD_NAMESPACE", "metadata.namespace"),
      fieldVariable("POD_IP", "status.podIP"),
    ],
    ports: [{ name: "http-envoy-prom", containerPort: ports.stats, protocol: "TCP" }],
    startupProbe,
    readinessProbe,
    lifecycle: { preStop: { exec: { command: ["/usr/local/bin/meshwright-drain", `${drainDeadline(pod)}`] } } },
    resources: proxy.resources,
    securityContext,
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [identityMount],
  };
}

/** Who the proxy says it is. Kubelet fills in the variables: the volume was written before the pod had an address. */
function identityArguments(pod: Pod, mesh: MeshConfig): readonly string[] {
  const dnsDomain = `$(POD_NAMESPACE).svc.${mesh.clusterDomain}`;
  return [
    "--config-path",
    `${volumeMountPath}/${volumeFiles.bootstrap}`,
    "--service-node",
    `sidecar~$(POD_IP)~$(POD_NAME).$(POD_NAMESPACE)~${dnsDomain}`,
    "--service-cluster",
    `${canonicalName(pod)}.$(POD_NAMESPACE)`,
  ];
}

function runtimeArguments(proxy: ProxyConfig): readonly string[] {
  const threads = concurrency(proxy);
  return [
    "--log-level",
    proxy.logLevel,
    "--component-log-level",
    "misc:error",
    ...(threads === undefined ? [] : ["--concurrency", `${threads}`]),
    "--drain-time-s",
    `${proxy.drainSeconds}`,
    // gradual draining would leave connections open past the grace period: each response asks for a close at once
    "--drain-strategy",
    "immediate",
    // there is never a second Envoy in the pod, and its shared memory would need a writable /dev/shm
    "--disable-hot-restart",
  ];
}

/**
 * How long the helper may wait for the last request. Kubelet runs the hook as soon as the pod terminates, also on a
 * native sidecar, whose SIGTERM comes only after the application's end.
 */
function drainDeadline(pod: Pod): number {
  const grace = pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
  return Math.max(0, grace - shutdownReserveSeconds);
}

function fieldVariable(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
