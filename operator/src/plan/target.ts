import type { CatalogueEntry } from "../api/catalogue.ts";
import type { MeshInstall } from "../api/mesh-install.ts";
import type { MeshRevision } from "../api/mesh-revision.ts";
import type { Observed } from "../observe/types.ts";
import { accessLogFormatFault } from "./access-log-format.ts";
import { checkCniFolders } from "./cni-folders.ts";
import type { OperatorSettings } from "./installation.ts";
import { preflight } from "./preflight.ts";
import type { Problem } from "./problem.ts";
import { type Installed, isWithinReach, moveTo } from "./versions/move.ts";
import { newestVersion } from "./versions/newest.ts";
import { knownVersions, resolveVersion } from "./versions/resolve.ts";
import { isEndOfLife, runsOn } from "./versions/support.ts";

/** The revision that an install asks for. */
export type Target =
  | { readonly kind: "revision"; readonly name: string; readonly entry: CatalogueEntry }
  /** It cannot be had; what is installed goes on as it is. */
  | { readonly kind: "held"; readonly problems: readonly [Problem, ...Problem[]] };

/** Decides which revision an install asks for, by the version that its alias stands for now. */
export function targetOf(observed: Observed, settings: OperatorSettings): Target {
  const { install } = observed;
  const entry = resolveVersion(install.spec.version, settings.catalogue);
  if (entry === undefined) return { kind: "held", problems: [unknownVersion(install, settings)] };
  const checks = [
    checkKubernetes,
    checkMove,
    checkProxies,
    checkEndOfLife,
    checkPreflight,
    checkAccessLogFormat,
    checkCniFolders,
  ];
  const [first, ...rest] = checks.flatMap((check) => check(observed, entry, settings) ?? []);
  if (first !== undefined) return { kind: "held", problems: [first, ...rest] };
  return { kind: "revision", name: revisionName(install, entry.version), entry };
}

/** InPlace keeps one name through all versions; RevisionBased has one for each. */
export function revisionName({ metadata, spec }: MeshInstall, version: string): string {
  if (spec.updateStrategy.type === "InPlace") return metadata.name;
  return `${metadata.name}-${version.replaceAll(/[^a-z0-9]/g, "-")}`;
}

function unknownVersion({ spec }: MeshInstall, { catalogue }: OperatorSettings): Problem {
  return {
    reason: "UnknownVersion",
    message: `spec.version is "${spec.version}", which this operator does not know: set it to one of ${knownVersions(catalogue).join(", ")}`,
  };
}

function checkKubernetes({ kubernetesVersion }: Observed, entry: CatalogueEntry): Problem | undefined {
  if (runsOn(entry, kubernetesVersion)) return undefined;
  return {
    reason: "UnsupportedKubernetes",
    message: `spec.version is "${entry.version}", which needs Kubernetes ${entry.kubernetes.range}, but the API server is ${kubernetesVersion}: upgrade Kubernetes or set another version`,
  };
}

function checkMove(observed: Observed, entry: CatalogueEntry, { catalogue }: OperatorSettings): Problem | undefined {
  const installed = installedVersions(observed);
  if (installed === undefined) return undefined;
  const move = moveTo(entry, installed, catalogue);
  if (move.kind !== "refused") return undefined;
  const from = `the mesh is at ${installed.version}`;
  return { reason: move.why, message: `spec.version is "${observed.install.spec.version}", but ${from}: ${move.fix}` };
}

/**
 * In place, proxies that are connected stay with the control plane that is updated: it must serve them. Those that do not say
 * of which version they are come from before the first version that does.
 */
function checkProxies({ install, fleets, revisions }: Observed, entry: CatalogueEntry): Problem | undefined {
  const name = revisionName(install, entry.version);
  const isUpdated = revisions.some(({ metadata, spec }) => metadata.name === name && spec.version !== entry.version);
  const fleet = fleets.get(name);
  if (!isUpdated || fleet?.kind !== "known") return undefined;
  const old = fleet.versions.filter(({ version }) => version !== "" && !isWithinReach(entry, version));
  if (old.length === 0) return undefined;
  const told = old.map(({ version, proxies }) => `${proxies} of ${version}`).join(", ");
  return {
    reason: "ProxiesOutOfReach",
    message: `spec.version is "${entry.version}", whose control plane does not serve proxies that are connected now: ${told}; restart their workloads first`,
  };
}

/** What runs goes on after its end of life; only something new does not begin there. */
function checkEndOfLife({ revisions, now }: Observed, entry: CatalogueEntry): Problem | undefined {
  const runs = revisions.some(({ spec }) => spec.version === entry.version);
  if (runs || !isEndOfLife(entry, now)) return undefined;
  return {
    reason: "EndOfLife",
    message: `spec.version is "${entry.version}", which is without fixes since ${entry.endOfLife}: set it to a newer one`,
  };
}

function checkPreflight(
  observed: Observed,
  entry: CatalogueEntry,
  { catalogue }: OperatorSettings,
): Problem | undefined {
  const found = preflight(observed, catalogue)?.findings ?? [];
  const blocking = found.filter(({ severity }) => severity === "Blocking");
  if (blocking.length === 0) return undefined;
  const told = blocking.map(({ object, message }) => `${object}: ${message}`).join("; ");
  return {
    reason: "PreflightFailed",
    message: `spec.version is "${entry.version}", but pre-flight found what would hurt: ${told}`,
  };
}

function checkAccessLogFormat({ install }: Observed): Problem | undefined {
  const fault = accessLogFormatFault(install.spec.mesh.accessLogFormat ?? "");
  if (fault === undefined) return undefined;
  return { reason: "InvalidAccessLogFormat", message: `spec.mesh.accessLogFormat ${fault}` };
}

/** What the mesh came from: the version that last was ready. An install that never was ready has come from nowhere. */
function installedVersions({ install, revisions }: Observed): Installed | undefined {
  const others = [...new Set(revisions.filter(isStaying).map(({ spec }) => spec.version))];
  const active = revisions.find(({ metadata }) => metadata.name === install.status?.activeRevision);
  const version =
    install.status === undefined
      ? newestVersion(revisions.map(({ spec }) => spec.version))
      : (install.status.version ?? active?.spec.version);
  // In place there is one revision, and its spec is ahead of what last was ready: nothing to go back to.
  return version === undefined
    ? undefined
    : { version, others: install.spec.updateStrategy.type === "InPlace" ? [] : others };
}

function isStaying({ metadata }: MeshRevision): boolean {
  return metadata.deletionTimestamp === undefined;
}
