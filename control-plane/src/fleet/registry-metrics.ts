import { Counter, Gauge, type Registry as MetricsRegistry } from "prom-client";
import type { Registry, RegistryKind, RegistryListener } from "./registry.ts";

/** What counts the objects that the control plane reads. */
export interface RegistryMetrics {
  readonly onEvent: RegistryListener;
  /** An object of mesh configuration was read; `isEffective`: it could be used. */
  readonly onRead: (kind: string, isEffective: boolean) => void;
  /** The mesh's settings changed. */
  readonly onSettings: () => void;
}

/** What each kind is in Istio's `pilot_push_triggers`; pods concern proxies by their endpoints. */
const triggers: Readonly<Record<RegistryKind, string | undefined>> = {
  Services: "service",
  Endpoints: "endpoint",
  PeerAuthentication: "config",
  Pods: undefined,
};

const policyLabels = { group: "security.istio.io", version: "v1", resource: "peerauthentications" } as const;

/** Registers, under Istio's names, what the control plane counts of the objects that it reads. */
export function registerRegistryMetrics(metrics: MetricsRegistry): RegistryMetrics {
  const [services, policies] = [registryEvents(metrics), configEvents(metrics)];
  const pushes = counter(metrics, "pilot_push_triggers", "Changes that may need a push, by what changed.", ["type"]);
  const passed = counter(
    metrics,
    "galley_validation_passed",
    "Objects of mesh configuration that were read and have an effect.",
    ["group", "version", "resource"],
  );
  const failed = counter(
    metrics,
    "galley_validation_failed",
    "Objects of mesh configuration that were read and can have no effect, by why.",
    ["group", "version", "resource", "reason"],
  );
  // Istio's dashboards ask for both, also where nothing has happened.
  passed.inc(policyLabels, 0);
  failed.inc({ ...policyLabels, reason: "no_effect" }, 0);
  return {
    onEvent: (kind, event) => {
      if (kind === "PeerAuthentication") policies.inc({ type: kind, event });
      else services.inc({ type: kind, event });
      const trigger = triggers[kind];
      if (trigger !== undefined) pushes.inc({ type: trigger });
    },
    onRead: (kind, isEffective) => {
      if (kind !== "PeerAuthentication") return;
      if (isEffective) passed.inc(policyLabels);
      else failed.inc({ ...policyLabels, reason: "no_effect" });
    },
    onSettings: () => pushes.inc({ type: "global" }),
  };
}

/** Registers the number of Services, asked for at every scrape. */
export function registerServiceCount(metrics: MetricsRegistry, registry: Registry): void {
  void new Gauge({
    name: "pilot_services",
    help: "Services that the control plane knows.",
    registers: [metrics],
    collect() {
      this.set(registry.serviceCount);
    },
  });
}

/** Registers which version runs, as Istio's dashboards ask for it. */
export function registerVersion(metrics: MetricsRegistry, version: string): void {
  new Gauge({
    name: "pilot_info",
    help: "Version of the control plane; always 1.",
    labelNames: ["version"],
    registers: [metrics],
  }).set({ version }, 1);
  new Gauge({
    name: "istio_build",
    help: "Component and version; always 1.",
    labelNames: ["component", "tag"],
    registers: [metrics],
  }).set({ component: "pilot", tag: version }, 1);
}

function registryEvents(metrics: MetricsRegistry) {
  return counter(metrics, "pilot_k8s_reg_events", "Services, slices and pods seen, by what became of them.", [
    "type",
    "event",
  ]);
}

function configEvents(metrics: MetricsRegistry) {
  return counter(metrics, "pilot_k8s_cfg_events", "Objects of mesh configuration seen, by what became of them.", [
    "type",
    "event",
  ]);
}

function counter<L extends string>(
  metrics: MetricsRegistry,
  name: string,
  help: string,
  labelNames: readonly L[],
): Counter<L> {
  return new Counter({ name, help, labelNames: [...labelNames], registers: [metrics] });
}
