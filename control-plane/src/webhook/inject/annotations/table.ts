import type { ProxyConfig } from "@meshwright/contract/mesh-config";
import { ports } from "@meshwright/contract/ports";
import type { PodSettings, Readiness } from "../pod-settings.ts";
import { parseAddresses, parseAddressesOrAll } from "./address-list.ts";
import { type Annotation, annotation } from "./annotation.ts";
import { parseBoolean } from "./boolean.ts";
import { parseImageReference } from "./image-reference.ts";
import { integer } from "./integer.ts";
import { parseComponentLogLevel, parseLogLevel } from "./log-level.ts";
import { matching } from "./parser.ts";
import { parsePorts, parsePortsOrAll } from "./port-list.ts";
import { parseProxyConfig } from "./proxy-config.ts";
import { parseCpu, parseMemory } from "./quantity.ts";
import { withLimit, withRequest } from "./resources.ts";
import { parseTemplate } from "./templates.ts";
import { parseUserMounts, parseUserVolumes } from "./user-volume.ts";

const parseStatusPort = matching(
  new RegExp(`^${ports.mergedMetrics}$`),
  `${ports.mergedMetrics}, which is every sidecar's`,
);

/**
 * Every annotation that has an effect on a pod's proxy. The order counts: a later row sees what an earlier one set.
 * Source: https://istio.io/latest/docs/reference/config/annotations/
 */
export const annotationTable: readonly Annotation[] = [
  annotation("inject.istio.io/templates", parseTemplate, (settings, template) => ({ ...settings, template })),
  annotation("proxy.istio.io/config", parseProxyConfig, (settings, options) => ({
    ...withProxy(settings, {
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      ...(options.drainSeconds !== undefined && { drainSeconds: options.drainSeconds }),
    }),
    holdApplication: options.holdApplicationUntilProxyStarts ?? settings.holdApplication,
    capturesDns: options.dnsCapture ?? settings.capturesDns,
  })),

  annotation("sidecar.istio.io/proxyImage", parseImageReference, (settings, image) => withProxy(settings, { image })),
  annotation("sidecar.istio.io/logLevel", parseLogLevel, (settings, logLevel) => withProxy(settings, { logLevel })),
  annotation("sidecar.istio.io/componentLogLevel", parseComponentLogLevel, (settings, componentLogLevel) => ({
    ...settings,
    componentLogLevel,
  })),
  annotation("sidecar.istio.io/proxyCPU", parseCpu, withRequest("cpu")),
  annotation("sidecar.istio.io/proxyMemory", parseMemory, withRequest("memory")),
  annotation("sidecar.istio.io/proxyCPULimit", parseCpu, withLimit("cpu")),
  annotation("sidecar.istio.io/proxyMemoryLimit", parseMemory, withLimit("memory")),
  annotation("sidecar.istio.io/nativeSidecar", parseBoolean, (settings, isNative) => ({
    ...settings,
    isNative: settings.isNative && isNative,
  })),
  annotation("sidecar.istio.io/rewriteAppHTTPProbers", parseBoolean, (settings, rewritesProbes) => ({
    ...settings,
    rewritesProbes,
  })),
  annotation("sidecar.istio.io/userVolume", parseUserVolumes, (settings, volumes) => ({ ...settings, volumes })),
  annotation("sidecar.istio.io/userVolumeMount", parseUserMounts, (settings, mounts) => ({ ...settings, mounts })),

  annotation(
    "readiness.status.sidecar.istio.io/initialDelaySeconds",
    integer(0, 3600),
    readiness("initialDelaySeconds"),
  ),
  annotation("readiness.status.sidecar.istio.io/periodSeconds", integer(1, 3600), readiness("periodSeconds")),
  annotation("readiness.status.sidecar.istio.io/failureThreshold", integer(1, 3600), readiness("failureThreshold")),
  // the same in every pod, so that one rule of a network policy lets kubelet in; to say so is no mistake
  annotation("status.sidecar.istio.io/port", parseStatusPort, (settings) => settings),
  annotation("prometheus.istio.io/merge-metrics", parseBoolean, (settings, mergesMetrics) => ({
    ...settings,
    mergesMetrics,
  })),

  annotation(
    "traffic.sidecar.istio.io/includeOutboundIPRanges",
    parseAddressesOrAll,
    capture("includeOutboundIPRanges"),
  ),
  annotation("traffic.sidecar.istio.io/excludeOutboundIPRanges", parseAddresses, capture("excludeOutboundIPRanges")),
  annotation("traffic.sidecar.istio.io/includeOutboundPorts", parsePorts, capture("includeOutboundPorts")),
  annotation("traffic.sidecar.istio.io/excludeOutboundPorts", parsePorts, capture("excludeOutboundPorts")),
  annotation("traffic.sidecar.istio.io/includeInboundPorts", parsePortsOrAll, capture("includeInboundPorts")),
  annotation("traffic.sidecar.istio.io/excludeInboundPorts", parsePorts, capture("excludeInboundPorts")),
];

function withProxy(settings: PodSettings, over: Partial<ProxyConfig>): PodSettings {
  return { ...settings, proxy: { ...settings.proxy, ...over } };
}

function readiness(field: keyof Readiness) {
  return (settings: PodSettings, value: number): PodSettings => ({
    ...settings,
    readiness: { ...settings.readiness, [field]: value },
  });
}

/** `*` is what holds without the annotation. */
function capture<K extends keyof PodSettings["capture"]>(field: K) {
  return (settings: PodSettings, value: PodSettings["capture"][K] | "all"): PodSettings =>
    value === "all" ? settings : { ...settings, capture: { ...settings.capture, [field]: value } };
}
