import { Counter, Gauge, type Registry } from "prom-client";
import type { AgentErrorReason } from "./agent-error.ts";

/** What the agent counts. */
export interface AgentMetrics {
  issued(): void;
  failed(reason: AgentErrorReason): void;
}

/** What the agent holds at the moment of a scrape. */
export interface Holdings {
  readonly volumes: number;
  /** When the first of their certificates expires; absent when there is none. */
  readonly firstExpiry?: Date;
}

export function registerAgentMetrics(registry: Registry, holdings: () => Holdings): AgentMetrics {
  const registers = [registry];
  const issued = new Counter({
    name: "meshwright_agent_certificates_issued_total",
    help: "Certificates obtained for pods of this node.",
    registers,
  });
  const failed = new Counter({
    name: "meshwright_agent_certificate_failures_total",
    help: "Failed attempts to obtain a certificate, by reason.",
    labelNames: ["reason"],
    registers,
  });
  registerHoldings(registry, holdings);
  return { issued: () => issued.inc(), failed: (reason) => failed.inc({ reason }) };
}

function registerHoldings(registry: Registry, holdings: () => Holdings): void {
  const registers = [registry];
  void new Gauge({
    name: "meshwright_agent_volumes",
    help: "Pods of this node that the agent keeps certificates for.",
    registers,
    collect() {
      this.set(holdings().volumes);
    },
  });
  void new Gauge({
    name: "meshwright_agent_first_certificate_expiry_timestamp",
    help: "When the first certificate of this node's pods expires, in Unix seconds; 0 when there is none.",
    registers,
    collect() {
      this.set((holdings().firstExpiry?.getTime() ?? 0) / 1000);
    },
  });
}
