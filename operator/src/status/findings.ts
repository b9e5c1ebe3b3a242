import type { FleetState } from "../observe/types.ts";
import type { Problem, ProblemReason } from "../plan/problem.ts";
import type { Plan, RevisionReport, Verdict } from "../plan/step.ts";
import { isUsed } from "../plan/usage.ts";
import type { Finding, Findings } from "./conditions.ts";
import { proxiesHealthy } from "./proxies.ts";
import type { Reason } from "./reason.ts";
import { referencesResolved } from "./references.ts";

/** How the steps of a plan went. */
export type Outcome =
  | { readonly kind: "applied" }
  /** `lasting`: the step fails until somebody changes something. It is tried again all the same. */
  | { readonly kind: "failed"; readonly message: string; readonly lasting: boolean };

/** Problems of what the mesh needs but does not own. */
const dependencyReasons: ReadonlySet<ProblemReason> = new Set([
  "UnsupportedKubernetes",
  "NamespaceTerminating",
  "NamespaceForbidsNodeAgent",
  "CertificateAuthorityMissing",
  "CertificateAuthorityInvalid",
]);

const yes = (reason: Reason, message: string): Finding => ({ status: "True", reason, message });
const no = (reason: Reason, message: string): Finding => ({ status: "False", reason, message });

const readyMessage = "control plane, node agent and injection webhook are ready";
const notReconciling = no("Idle", "nothing is being changed");
const notStalled = no("NotStalled", "nothing waits for a user");
const reconciled = yes("Applied", "every object is as wanted");
const healthy = yes("Healthy", "what the mesh needs from the cluster is there");

/** What is true about the install's own objects. */
type OwnFindings = Omit<Findings, "ProxiesHealthy" | "ReferencesResolved" | "Upgradeable">;

/** Says in conditions what is true about an install and its proxies. */
export function findings(
  { verdict, dangling, revisions }: Pick<Plan, "verdict" | "dangling" | "revisions">,
  outcome: Outcome,
  fleet: FleetState,
): Findings {
  const own = outcome.kind === "failed" ? failed(outcome) : judged(verdict);
  return {
    ...own,
    ProxiesHealthy: proxiesHealthy(fleet),
    ReferencesResolved: referencesResolved(dangling),
    Upgradeable: upgradeable(own.Ready, revisions),
  };
}

/** Proxies of two revisions may be as far apart as a control plane serves: a further version would leave the older ones behind. */
function upgradeable(ready: Finding, revisions: readonly RevisionReport[]): Finding {
  if (ready.status !== "True") return no(ready.reason, ready.message);
  const used = revisions.filter(({ usage }) => isUsed(usage) !== false).map(({ revision }) => revision.metadata.name);
  if (used.length > 1) return no("Migrating", `more than one revision is used: ${used.toSorted().join(", ")}`);
  return yes("Settled", "the mesh is ready, at one version");
}

function failed({ message, lasting }: Extract<Outcome, { kind: "failed" }>): OwnFindings {
  const failure = no("ApplyFailed", message);
  return {
    DependenciesHealthy: healthy,
    Ready: failure,
    Reconciled: failure,
    Reconciling: yes("Retrying", message),
    Stalled: lasting ? yes("ApplyFailed", message) : notStalled,
  };
}

function judged(verdict: Verdict): OwnFindings {
  switch (verdict.kind) {
    case "ready":
      return steady(yes("Ready", [readyMessage, ...(verdict.note === undefined ? [] : [verdict.note])].join("; ")));
    case "progressing":
      return progressing(verdict.reason, verdict.message);
    case "uninstalling":
      return progressing("Uninstalling", verdict.message);
    case "uninstalled":
      return progressing("Uninstalled", uninstalledMessage(verdict.kept));
    case "uninstallRefused":
      return stalled([verdict.problem]);
    case "refused":
      return stalled(verdict.problems);
  }
}

function steady(ready: Finding): OwnFindings {
  return {
    DependenciesHealthy: healthy,
    Ready: ready,
    Reconciled: reconciled,
    Reconciling: notReconciling,
    Stalled: notStalled,
  };
}

function progressing(reason: Reason, message: string): OwnFindings {
  const isApplied = reason !== "Applying" && reason !== "Uninstalling";
  return {
    ...steady(no(reason, message)),
    Reconciled: isApplied ? reconciled : no(reason, message),
    Reconciling: yes(reason, message),
  };
}

function stalled(problems: readonly Problem[]): OwnFindings {
  const said = tell(problems);
  const dependencies = problems.filter((problem) => dependencyReasons.has(problem.reason));
  return {
    DependenciesHealthy: dependencies.length > 0 ? { status: "False", ...tell(dependencies) } : healthy,
    Ready: { status: "False", ...said },
    Reconciled: { status: "False", ...said },
    Reconciling: notReconciling,
    Stalled: { status: "True", ...said },
  };
}

/** The first problem gives the reason: it is usually the cause of the others. A plan refuses without one only for lack of a version. */
function tell(problems: readonly Problem[]): { readonly reason: Reason; readonly message: string } {
  const message = problems.map((problem) => problem.message).join("; ");
  return { reason: problems[0]?.reason ?? "UnknownVersion", message };
}

/** What a forced uninstall leaves, in a sentence; also an Event, since the status goes with the object. */
export function uninstalledMessage(kept: readonly string[]): string {
  if (kept.length === 0) return "nothing is left of the install";
  return `meshed pods still run, and their volumes need what stays: ${kept.join(", ")}; once the pods are gone, create the MeshInstall again and delete it, or delete these objects`;
}
