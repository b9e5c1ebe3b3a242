import { isDeleting, type MeshInstall } from "../api/mesh-install.ts";
import type { MeshInstallStatus, Phase } from "../api/mesh-install-status.ts";
import type { Observed } from "../observe/types.ts";
import { revisionOf } from "../plan/installation.ts";
import type { Verdict } from "../plan/step.ts";
import { conditions, type Findings } from "./conditions.ts";
import { findings, type Outcome } from "./findings.ts";
import { proxyCounts } from "./proxies.ts";

/** The status of an install after its plan was carried out; equal facts give an equal status. */
export function status(
  { install, fleet }: Pick<Observed, "install" | "fleet">,
  verdict: Verdict,
  outcome: Outcome,
  now: Date,
): MeshInstallStatus {
  const { generation } = install.metadata;
  const found = findings(verdict, outcome, fleet);
  const proxies = proxyCounts(fleet);
  const isReady = found.Ready.status === "True";
  const version = isReady ? install.spec.version : install.status?.version;
  const activeRevision = isReady ? revisionOf(install) : install.status?.activeRevision;
  return {
    observedGeneration: generation,
    phase: phase(install, found),
    ...(version === undefined ? {} : { version }),
    ...(activeRevision === undefined ? {} : { activeRevision }),
    ...(proxies === undefined ? {} : { proxies }),
    conditions: conditions(found, install.status?.conditions ?? [], generation, now),
  };
}

function phase(install: MeshInstall, found: Findings): Phase {
  if (isDeleting(install)) return "Uninstalling";
  if (found.Stalled.status === "True") return "Stalled";
  if (found.Ready.status === "True") return "Ready";
  const installed = install.status?.version;
  if (installed === undefined) return "Installing";
  return installed === install.spec.version ? "Degraded" : "Upgrading";
}
