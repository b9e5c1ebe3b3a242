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

/** What Istio counts a refusal as; undefined: only under our own name. */
const istioFailures = {
  TokenMissing: "authentication_failure",
  TokenRejected: "authentication_failure",
  WrongAudience: "authentication_failure",
  ReviewUnavailable: "authentication_failure",
  NotServiceAccount: "authentication_failure",
  NotPodBound: "authentication_failure",
  MalformedCsr: "csr_parsing_err",
  BadSignature: "csr_parsing_err",
  WeakKey: undefined,
  ForeignName: "id_extraction_err",
  CaRequested: undefined,
  LifetimeTooLong: undefined,
  IssuerUnusable: "csr_sign_err",
} as const satisfies Readonly<Record<RefusalReason, string | undefined>>;

type IstioFailure = NonNullable<(typeof istioFailures)[RefusalReason]>;

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
  const failures = registerFailures(registry);
  registerExpiry(registry, authority);
  return {
    issued: () => {
      requests.inc();
      issued.inc();
    },
    refused: (reason) => {
      requests.inc();
      refused.inc({ reason });
      const failure = istioFailures[reason];
      if (failure !== undefined) failures[failure].inc();
    },
  };
}

function registerFailures(registry: Registry): Readonly<Record<IstioFailure, Counter>> {
  const failure = (name: IstioFailure, help: string): Counter =>
    new Counter({ name: `citadel_server_${name}_count`, help, registers: [registry] });
  return {
    authentication_failure: failure("authentication_failure", "Certificate requests whose sender could not be told."),
    csr_parsing_err: failure("csr_parsing_err", "Certificate requests that could not be read."),
    id_extraction_err: failure("id_extraction_err", "Certificate requests that asked for another's name."),
    csr_sign_err: failure("csr_sign_err", "Certificate requests that the authority failed to sign."),
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
  void new Gauge({
    name: "citadel_server_root_cert_expiry_seconds",
    help: "In how many seconds the first of the trusted roots expires.",
    registers,
    collect() {
      const roots = readCertificates(authority.current().rootsPem);
      this.set(Math.min(...roots.map((root) => seconds(root.validToDate))) - Date.now() / 1000);
    },
  });
  void new Gauge({
    name: "citadel_server_cert_chain_expiry_seconds",
    help: "In how many seconds the issuing certificate expires.",
    registers,
    collect() {
      this.set(seconds(authority.current().certificate.validToDate) - Date.now() / 1000);
    },
  });
}
