import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What the operator counts. */
export interface OperatorMetrics {
  /** A reconcile has ended, with or without an error, after so many seconds. */
  reconciled(result: "success" | "error", seconds: number): void;
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
  return {
    reconciled: (result, seconds) => {
      total.inc({ result });
      duration.observe(seconds);
    },
  };
}
