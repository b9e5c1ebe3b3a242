import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { FleetState } from "../observe/types.ts";

/** What the operator counts. */
export interface OperatorMetrics {
  /** A reconcile has ended, with or without an error, after so many seconds. */
  reconciled(result: "success" | "error", seconds: number): void;
  /** The fleets of all installs were looked at. One that is not known has no numbers: zero would be a lie. */
  fleetsSeen(fleets: ReadonlyMap<string, FleetState>): void;
}

/** Registers the operator's metrics; leadership is asked for at every scrape. */
export function registerOperatorMetrics(registry: Registry, isLeader: () => boolean): OperatorMetrics {
  const registers = [registry];
  const total = new Counter({
    name: "meshwright_operator_reconciles_total",
    help: "Reconciles of MeshInstalls, by result.",
    labelNames: ["result"],
    registers,
  });
  const duration = new Histogram({
    name: "meshwright_operator_reconcile_duration_seconds",
    help: "How long a reconcile of a MeshInstall took.",
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers,
  });
  void new Gauge({
    name: "meshwright_operator_leader",
    help: "1 while this replica leads.",
    registers,
    collect() {
      this.set(isLeader() ? 1 : 0);
    },
  });
  const proxies = new Gauge({
    name: "meshwright_operator_proxies",
    help: "Proxies of each revision by state, on the replica that leads; none while a replica of the control plane is silent.",
    labelNames: ["revision", "state"],
    registers,
  });
  return {
    reconciled: (result, seconds) => {
      total.inc({ result });
      duration.observe(seconds);
    },
    fleetsSeen: (fleets) => showFleets(proxies, fleets),
  };
}

function showFleets(proxies: Gauge<"revision" | "state">, fleets: ReadonlyMap<string, FleetState>): void {
  proxies.reset();
  for (const [revision, fleet] of fleets) {
    if (fleet.kind !== "known") continue;
    proxies.set({ revision, state: "connected" }, fleet.connected);
    proxies.set({ revision, state: "on_target" }, fleet.onTarget);
    proxies.set({ revision, state: "stale" }, fleet.stale);
    proxies.set({ revision, state: "rejecting" }, fleet.rejecting);
  }
}
