import { ports } from "@meshwright/contract/ports";
import { applicationScrapeVariable } from "@meshwright/contract/sidecar-metrics";
import { proxyUid, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import { canonicalName, workloadLabels } from "@meshwright/contract/workload-labels";
import { concurrency } from "./concurrency.ts";
import type { ContainerSpec, EnvVar, Lifecycle, ProbeSpec, SecurityContext } from "./container-spec.ts";
import { identityMount } from "./identity-volume.ts";
import { sidecarName } from "./names.ts";
import type { Pod } from "./pod.ts";
import type { PodSettings } from "./pod-settings.ts";
import { type Scraping, scraping } from "./scraping.ts";
import { workloadEnvironment } from "./workload-variables.ts";

/** Kubernetes' default of `terminationGracePeriodSeconds`. */
const defaultGraceSeconds = 30;
/** What is left of the grace period for Envoy to end after it drained. */
const shutdownReserveSeconds = 5;

/** Istio's names for what a proxy does, in front of its node id. */
const nodeTypes = { sidecar: "sidecar", gateway: "router" } as const;

const health = { path: "/healthz/ready", port: ports.health, scheme: "HTTP" } as const;

/** How long a sidecar may take to start: ten minutes, for image pulls and a slow control plane. */
const startSeconds = 600;

/** Kubelet starts nothing after a native sidecar before this succeeds. */
const startupProbe: ProbeSpec = {
  httpGet: health,
  periodSeconds: 1,
  timeoutSeconds: 3,
  failureThreshold: startSeconds,
};

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

/** The proxy: Envoy and nothing else. */
export function proxyContainer(pod: Pod, settings: PodSettings): ContainerSpec {
  const { proxy } = settings;
  return {
    name: sidecarName,
    image: proxy.image,
    imagePullPolicy: proxy.imagePullPolicy,
    command: ["/usr/local/bin/envoy"],
    args: [...identityArguments(pod, settings), ...runtimeArguments(settings)],
    env: [
      fieldVariable("POD_NAME", "metadata.name"),
      fieldVariable("POD_NAMESPACE", "metadata.namespace"),
      fieldVariable("POD_IP", "status.podIP"),
      ...variables(workloadEnvironment(workloadLabels(pod.metadata))),
      ...variables(scrapeEnvironment(scraping(pod, settings))),
    ],
    ports: [{ name: "http-envoy-prom", containerPort: ports.stats, protocol: "TCP" }],
    startupProbe,
    readinessProbe: readinessProbe(settings),
    lifecycle: lifecycle(pod, settings),
    resources: proxy.resources,
    securityContext,
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [identityMount, ...settings.mounts],
  };
}

/** A delay of 0 is Kubernetes' default and not said. */
function readinessProbe({ readiness }: PodSettings): ProbeSpec {
  const { initialDelaySeconds, periodSeconds, failureThreshold } = readiness;
  const delay = initialDelaySeconds > 0 && { initialDelaySeconds };
  return { httpGet: health, ...delay, periodSeconds, timeoutSeconds: 3, failureThreshold };
}

/** Kubelet starts the containers after one whose postStart hook still runs only when that has ended. */
function lifecycle(pod: Pod, { template, isNative, holdApplication }: PodSettings): Lifecycle {
  const preStop = { exec: { command: ["/usr/local/bin/meshwright-drain", `${drainDeadline(pod)}`] } };
  const isFirstOfMany = template === "sidecar" && !isNative;
  if (!isFirstOfMany || !holdApplication) return { preStop };
  return { postStart: { exec: { command: ["/usr/local/bin/meshwright-wait", `${startSeconds}`] } }, preStop };
}

/** Who the proxy says it is. Kubelet fills in the variables: the volume was written before the pod had an address. */
function identityArguments(pod: Pod, { template, clusterDomain }: PodSettings): readonly string[] {
  const dnsDomain = `$(POD_NAMESPACE).svc.${clusterDomain}`;
  return [
    "--config-path",
    `${volumeMountPath}/${volumeFiles.bootstrap}`,
    "--service-node",
    `${nodeTypes[template]}~$(POD_IP)~$(POD_NAME).$(POD_NAMESPACE)~${dnsDomain}`,
    "--service-cluster",
    `${canonicalName(pod.metadata)}.$(POD_NAMESPACE)`,
  ];
}

function runtimeArguments({ proxy, componentLogLevel }: PodSettings): readonly string[] {
  const threads = concurrency(proxy);
  return [
    "--log-level",
    proxy.logLevel,
    "--component-log-level",
    componentLogLevel,
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

/** Where the sidecar finds metrics of the application, if anywhere. */
function scrapeEnvironment(scraped: Scraping): Readonly<Record<string, string>> {
  if (scraped.kind === "asAnnotated" || scraped.application === undefined) return {};
  return { [applicationScrapeVariable]: JSON.stringify(scraped.application) };
}

function variables(values: Readonly<Record<string, string>>): readonly EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: literal(value) }));
}

/** Kubernetes would replace `$(NAME)`, also in what a user has written. */
function literal(value: string): string {
  return value.replaceAll("$(", "$$(");
}

function fieldVariable(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
