import { ports } from "@meshwright/contract/ports";
import type { ProbeRoute } from "@meshwright/contract/volume";
import { sidecarName } from "./names.ts";
import type { Container, HttpGet, Pod, Probe } from "./pod.ts";

/** A probe that kubelet shall send to the sidecar instead of the application. */
export interface RewrittenProbe {
  /** JSON Pointer of the `httpGet` that it replaces. */
  readonly pointer: string;
  readonly httpGet: HttpGet;
  readonly route: ProbeRoute;
}

/** Field of the container, and the last segment of the path that Istio gives it. */
const probeKinds = [
  ["readinessProbe", "readyz"],
  ["livenessProbe", "livez"],
  ["startupProbe", "startupz"],
] as const;

/** Kubernetes' default of `timeoutSeconds`. */
const defaultTimeoutSeconds = 1;

/**
 * Rewrites the HTTP probes of a pod's containers to routes of the sidecar, since kubelet has no certificate with which
 * it could ask under strict mTLS. Left alone: exec (needs no network), probes with a `host` of their own (they need not
 * mean this pod), and ports that no container port names (kubelet refuses those by itself).
 */
export function rewriteProbes(pod: Pod): readonly RewrittenProbe[] {
  return [
    ...(pod.spec.initContainers ?? []).flatMap((container, index) =>
      rewrite(container, `/spec/initContainers/${index}`),
    ),
    ...pod.spec.containers.flatMap((container, index) => rewrite(container, `/spec/containers/${index}`)),
  ];
}

function rewrite(container: Container, pointer: string): readonly RewrittenProbe[] {
  // the sidecar answers its own probes
  if (container.name === sidecarName) return [];
  return probeKinds.flatMap(([kind, segment]) => {
    const probe = container[kind];
    const route = probe && probeRoute(container, probe, `/app-health/${container.name}/${segment}`);
    if (probe?.httpGet === undefined || route === undefined) return [];
    return [{ pointer: `${pointer}/${kind}/httpGet`, httpGet: sidecarProbe(probe.httpGet, route), route }];
  });
}

function probeRoute(container: Container, probe: Probe, path: string): ProbeRoute | undefined {
  const { httpGet, timeoutSeconds = defaultTimeoutSeconds } = probe;
  if (httpGet === undefined || (httpGet.host ?? "") !== "") return undefined;
  const port = portNumber(container, httpGet.port);
  // the sidecar's own port: rewritten before
  if (port === undefined || port === ports.mergedMetrics) return undefined;
  return { path, port, targetPath: absolute(httpGet.path), scheme: httpGet.scheme ?? "HTTP", timeoutSeconds };
}

/** The headers stay: Envoy passes them on, also `Host`. */
function sidecarProbe(original: HttpGet, route: ProbeRoute): HttpGet {
  const { httpHeaders } = original;
  const target = { path: route.path, port: ports.mergedMetrics, scheme: "HTTP" } as const;
  return httpHeaders === undefined ? target : { ...target, httpHeaders };
}

function portNumber(container: Container, port: number | string): number | undefined {
  if (typeof port === "number") return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort;
}

/** As kubelet does: an empty path is the root, and a path without a slash gets one. */
function absolute(path = "/"): string {
  return path.startsWith("/") ? path : `/${path}`;
}
