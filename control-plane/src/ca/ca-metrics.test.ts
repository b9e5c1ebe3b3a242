import assert from "node:assert/strict";
import { test } from "node:test";
import { createRegistry } from "@meshwright/metrics/registry";
import { readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { registerCaMetrics } from "./ca-metrics.ts";
import { LiveValue } from "./live.ts";

const now = new Date("2030-01-01T00:00:00Z");
const early = await createRoot({ now, organization: "early", lifetimeMs: 60_000 });
const late = await createRoot({ now, organization: "late", lifetimeMs: 120_000 });

test("requests are counted by outcome, and expiries follow the live authority", async () => {
  const registry = createRegistry();
  const authority = new LiveValue(readAuthority(early));
  const metrics = registerCaMetrics(registry, authority);
  metrics.issued();
  metrics.refused("WeakKey");
  metrics.refused("TokenRejected");
  metrics.refused("IssuerUnusable");
  authority.set(readAuthority({ ...late, rootsPem: early.rootsPem + late.rootsPem }));
  const text = await registry.metrics();
  const startSeconds = now.getTime() / 1000;
  for (const line of [
    "citadel_server_csr_count 4",
    "citadel_server_authentication_failure_count 1",
    "citadel_server_csr_sign_err_count 1",
    "citadel_server_csr_parsing_err_count 0",
    "citadel_server_success_cert_issuance_count 1",
    'meshwright_ca_refused_total{reason="WeakKey"} 1',
    `citadel_server_root_cert_expiry_timestamp ${startSeconds + 60}`,
    `citadel_server_cert_chain_expiry_timestamp ${startSeconds + 120}`,
  ])
    assert.ok(text.split("\n").includes(line), line);
});
