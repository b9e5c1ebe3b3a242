import type { Authority } from "@meshwright/pki/authority";
import { readCertificates } from "@meshwright/pki/authority";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Live } from "./live.ts";
import type { RefusalReason } from "./refusal.ts";

/** What the certificate authority counts. */
export interface CaMetrics {
  issued(): void;
  refused(reason: RefusalReason): void;
}

/**
 * Registers the authority's metrics: Istio's names where Istio has the metric, so that its alerts keep working, and the
 * refusals by reason, which Istio splits over several.
 */
export function registerCaMetrics(registry: Registry, authority: Live<Authority>): CaMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: "citadel_server_csr_count",
    help: "Certificate requests, granted or not.",
    registers,
  });
  const issued = new Counter({
    name: "citadel_server_success_cert_issuance_count",
    help: "Certificates issued.",
    registers,
  });
  const refused = new Counter({
    name: "meshwright_ca_refused_total",
    help: "Certificate requests refused, by reason.",
    labelNames: ["reason"],
    registers,
  });
  registerExpiry(registry, authority);
  return {
    issued: () => {
      requests.inc();
      issued.inc();
    },
    refused: (reason) => {
      requests.inc();
      refused.inc({ reason });
    },
  };
}

/** Unix times, which an alert compares with `time()`. */
function registerExpiry(registry: Registry, authority: Live<Authority>): void {
  const registers = [registry];
  const seconds = (date: Date): number => date.getTime() / 1000;
  void new Gauge({
    name: "citadel_server_root_cert_expiry_timestamp",
    help: "When the first of the trusted roots expires, in Unix seconds.",
    registers,
    collect() {
      const roots = readCertificates(authority.current().rootsPem);
      this.set(Math.min(...roots.map((root) => seconds(root.validToDate))));
    },
  });
  void new Gauge({
    name: "citadel_server_cert_chain_expiry_timestamp",
    help: "When the issuing certificate expires, in Unix seconds.",
    registers,
    collect() {
      this.set(seconds(authority.current().certificate.validToDate));
    },
  });
}
