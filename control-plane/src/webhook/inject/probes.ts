import { ports } from "@meshwright/contract/ports";
import type { ProbeRoute } from "@meshwright/contract/probe-route";
import { sidecarName } from "./names.ts";
import type { Container, Handler, HttpGet, Pod } from "./pod.ts";
import { probeRoute } from "./probe-route.ts";

/** A call of kubelet's that shall go to the sidecar instead of the application. */
export interface RewrittenProbe {
  /** JSON Pointer of the probe or hook. */
  readonly pointer: string;
  /** The field that `httpGet` takes the place of. */
  readonly replaced: "httpGet" | "tcpSocket" | "grpc";
  readonly httpGet: HttpGet;
  readonly route: ProbeRoute;
}

/** A call of kubelet's to a container: its place below the container, and the path that Istio gives it. */
interface Call {
  readonly pointer: string;
  readonly path: string;
  readonly handler: Handler | undefined;
  readonly timeoutSeconds: number;
}

/** Kubernetes' default of a probe's `timeoutSeconds`. */
const defaultTimeoutSeconds = 1;

/** Kubelet waits for a hook as long as it likes; this is the longest that the sidecar does. */
const hookTimeoutSeconds = 3600;

/**
 * Rewrites kubelet's calls to a pod's containers to routes of the sidecar, since kubelet has no certificate with which
 * it could ask under strict mTLS. Left alone: exec (needs no network), calls with a `host` of their own (they need not
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
  return calls(container).flatMap((call) => {
    const { handler = {}, path, timeoutSeconds } = call;
    const found = probeRoute(container, handler, { path, timeoutSeconds });
    if (found === undefined) return [];
    const httpGet = sidecarCall(path, handler.httpGet?.httpHeaders);
    return [{ pointer: `${pointer}/${call.pointer}`, httpGet, ...found }];
  });
}

function calls(container: Container): readonly Call[] {
  const { name, lifecycle } = container;
  const probe = (field: "readinessProbe" | "livenessProbe" | "startupProbe", segment: string): Call => ({
    pointer: field,
    path: `/app-health/${name}/${segment}`,
    handler: container[field],
    timeoutSeconds: container[field]?.timeoutSeconds ?? defaultTimeoutSeconds,
  });
  const hook = (field: "postStart" | "preStop", segment: string): Call => ({
    pointer: `lifecycle/${field}`,
    path: `/app-lifecycle/${name}/${segment}`,
    handler: lifecycle?.[field],
    timeoutSeconds: hookTimeoutSeconds,
  });
  return [
    probe("readinessProbe", "readyz"),
    probe("livenessProbe", "livez"),
    probe("startupProbe", "startupz"),
    hook("postStart", "poststartz"),
    hook("preStop", "prestopz"),
  ];
}

/** The headers stay: Envoy passes them on, also `Host`. */
function sidecarCall(path: string, httpHeaders: HttpGet["httpHeaders"]): HttpGet {
  const target = { path, port: ports.mergedMetrics, scheme: "HTTP" } as const;
  return httpHeaders === undefined ? target : { ...target, httpHeaders };
}
