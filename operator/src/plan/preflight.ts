import { coerce, lt } from "semver";
import type { Catalogue, CatalogueEntry } from "../api/catalogue.ts";
import { acceptFindingsAnnotation } from "../api/mesh-install.ts";
import type { AffectedObjects, Observed, Surroundings } from "../observe/types.ts";
import { pendingVersion } from "./versions/pending.ts";

/** What was found before a change of version. */
export interface Preflight {
  /** Version that the mesh is to go to. */
  readonly version: string;
  /** Blocking ones first, then by object. */
  readonly findings: readonly PreflightFinding[];
}

export interface PreflightFinding {
  /** Blocking: the change waits until it is mended, or accepted by the annotation meshwright.dev/accept-findings. */
  readonly severity: "Blocking" | "Warning";
  /** As `Node "worker-1"`. */
  readonly object: string;
  /** What is wrong and how to mend it, as a sentence. */
  readonly message: string;
}

type Seen = Extract<Surroundings, { kind: "seen" }>;

/** Kubelets run sidecars as init containers that restart, without a switch, from this version on. */
const nativeSidecarsSince = "1.29.0";

/** What is found in a cluster before a change of version; undefined while none is asked for. */
export function preflight(observed: Observed, catalogue: Catalogue): Preflight | undefined {
  const { surroundings, install, revisions } = observed;
  const entry = pendingVersion(install, revisions, catalogue);
  if (entry === undefined || surroundings.kind === "unasked") return undefined;
  const found = [
    ...kubernetesFindings(observed, entry),
    ...nodeFindings(surroundings),
    ...definitionFindings(surroundings),
    ...injectorFindings(surroundings),
    ...budgetFindings(surroundings),
    ...surroundings.affected.flatMap(noteFindings),
  ];
  const isAccepted = install.metadata.annotations?.[acceptFindingsAnnotation] === entry.version;
  const findings = isAccepted ? found.map((finding) => ({ ...finding, severity: "Warning" as const })) : found;
  return { version: entry.version, findings: findings.toSorted(bySeverity) };
}

function bySeverity(a: PreflightFinding, b: PreflightFinding): number {
  return `${a.severity} ${a.object} ${a.message}` < `${b.severity} ${b.object} ${b.message}` ? -1 : 1;
}

/** A Kubernetes out of the version's range is a problem of its own, with a reason of its own. */
function kubernetesFindings(
  { kubernetesVersion }: Observed,
  { kubernetes, version }: CatalogueEntry,
): PreflightFinding[] {
  const { major, minor } = coerce(kubernetesVersion) ?? { major: 0, minor: 0 };
  if (kubernetes.tested.includes(`${major}.${minor}`)) return [];
  const message = `Kubernetes ${kubernetesVersion} is in the range of ${version}, but was not tested with it: ${kubernetes.tested.join(", ")} were; try it in another cluster first`;
  return [{ severity: "Warning", object: "API server", message }];
}

function nodeFindings({ nodes }: Seen): readonly PreflightFinding[] {
  return nodes.filter(lacksSidecars).map(({ name, kubeletVersion }) => ({
    severity: "Blocking",
    object: `Node "${name}"`,
    message: `its kubelet is ${kubeletVersion} and does not run sidecars as init containers: upgrade it to ${nativeSidecarsSince} or newer, or cordon the node and delete it`,
  }));
}

function lacksSidecars({ kubeletVersion }: Seen["nodes"][number]): boolean {
  const version = coerce(kubeletVersion);
  return version !== null && lt(version, nativeSidecarsSince);
}

function definitionFindings({ definitions }: Seen): readonly PreflightFinding[] {
  return definitions
    .filter(({ isServed }) => !isServed)
    .map(({ name, version }) => ({
      severity: "Blocking",
      object: `CustomResourceDefinition "${name}"`,
      message: `it is missing or does not serve ${version}: apply the CRDs that come with this operator`,
    }));
}

function injectorFindings({ injectors }: Seen): readonly PreflightFinding[] {
  return injectors.map(({ name, namespaces }) => ({
    severity: "Blocking",
    object: `MutatingWebhookConfiguration "${name}"`,
    message: `it injects another mesh's sidecar into pods of ${namespaces.join(", ")}, which ask for ours too: take one of the two labels from these namespaces`,
  }));
}

function budgetFindings({ stuckBudgets }: Seen): readonly PreflightFinding[] {
  return stuckBudgets.map((budget) => ({
    severity: "Warning",
    object: `PodDisruptionBudget "${budget}"`,
    message: "it never lets a pod go, so that no node with one can be drained: allow one disruption at least",
  }));
}

function noteFindings(affected: AffectedObjects): readonly PreflightFinding[] {
  const { severity, change, fix, affects } = affected.note;
  if ("unreadable" in affected) {
    const message = `whether it is affected is not known (${affected.unreadable}): ${change}; ${fix}`;
    return [{ severity: "Warning", object: `every ${affects.kind}`, message }];
  }
  return affected.objects.map((name) => ({
    severity,
    object: `${affects.kind} "${name}"`,
    message: `${change}: ${fix}`,
  }));
}
