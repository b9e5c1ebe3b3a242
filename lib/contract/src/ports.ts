/**
 * Ports of the mesh, TCP but for DNS, the same as Istio's so that network policies, dashboards and habits carry over.
 * Source: https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
 */
export const ports = {
  /** Envoy admin, loopback only. */
  admin: 15000,
  /** Outbound traffic redirected by the pod's own rules. */
  outbound: 15001,
  /** Inbound traffic redirected by the pod's own rules. */
  inbound: 15006,
  /** Reserved for HBONE. */
  hbone: 15008,
  /** Control plane: delta ADS and the certificate service, over TLS. */
  xds: 15012,
  /** Control plane, operator and node agent: /metrics, /ready, /version. */
  monitoring: 15014,
  /** Control plane: the fleet view and Istio's debug paths, over TLS and authenticated. */
  debug: 15016,
  /** Control plane: admission webhooks (Service port 443). */
  webhook: 15017,
  /** Injector, which shares the control plane's pod: /metrics, /ready. */
  injectorMonitoring: 15019,
  /** Sidecar: metrics under Istio's names, and rewritten application probes. */
  mergedMetrics: 15020,
  /** Sidecar: /healthz/ready. */
  health: 15021,
  /** Sidecar: DNS capture, UDP on loopback only. */
  dns: 15053,
  /** Sidecar: Envoy's own statistics. */
  stats: 15090,
} as const;

/** Ports of the sidecar itself that the redirect rules never capture. */
export const uncapturedInboundPorts: readonly number[] = [ports.hbone, ports.mergedMetrics, ports.health, ports.stats];
