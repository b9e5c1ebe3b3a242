import { labels } from "@meshwright/contract/labels";
import { gte } from "semver";
import { versionLabel } from "../api/names.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { withPluginFolders } from "./cni-folders.ts";
import { cniMode, nodeAgentOf } from "./cni-mode.ts";
import { type Installation, installation, type OperatorSettings } from "./installation.ts";
import { type Manifest, objectId, stamped } from "./manifest.ts";
import { nodeAgentManifests, type RevisionManifests, revisionManifests } from "./manifests/all.ts";
import { tagWebhook } from "./manifests/injector.ts";
import { find, ofRevision } from "./owned.ts";
import { isLeaving } from "./removal.ts";
import type { WantedRevision } from "./revisions.ts";
import { daemonSetRollout } from "./rollout.ts";
import type { TagDecision } from "./tags.ts";
import { type Usage, usageOf } from "./usage.ts";
import { newestVersion } from "./versions/newest.ts";

/** A revision, and what of it may be applied now. */
export interface Part {
  readonly wanted: WantedRevision;
  readonly usage: Usage;
  /** It is being taken apart. */
  readonly isLeaving: boolean;
  readonly due: RevisionManifests;
}

/** Everything that a mesh consists of. */
export interface Parts {
  readonly nodeAgent: readonly Manifest[];
  readonly revisions: readonly Part[];
  /** Webhooks of tags. */
  readonly tags: readonly Manifest[];
  /** Ids of objects that are to be there, due or not. */
  readonly kept: ReadonlySet<string>;
}

export interface PartsInput {
  readonly observed: Observed;
  readonly wanted: readonly WantedRevision[];
  readonly tags: readonly TagDecision[];
  readonly settings: OperatorSettings;
}

const nothing: RevisionManifests = { controlPlane: [], injector: [] };

/** Makes the manifests of everything, and decides which of them may be applied now. */
export function decideParts(input: PartsInput): Parts {
  const { observed, wanted, tags } = input;
  const installations = new Map(wanted.map((revision) => [revision.name, installationOf(revision, input)] as const));
  const made = new Map(
    [...installations].map(
      ([name, target]) => [name, target === undefined ? nothing : revisionManifests(target)] as const,
    ),
  );
  const revisions = wanted.map((revision): Part => {
    const standing = tags.filter(({ to }) => to === revision.name).map(({ name }) => name);
    const usage = usageOf(revision.name, standing, observed);
    const due = dueOf(installations.get(revision.name), made.get(revision.name) ?? nothing, observed);
    return {
      wanted: revision,
      usage,
      isLeaving: revision.current !== undefined && isLeaving(revision.current, usage),
      due,
    };
  });
  const nodeAgent = nodeAgentOfNewest(revisions, input);
  const webhooks = tags.flatMap(({ name, to }) => {
    const target = installations.get(to ?? "");
    return target === undefined ? [] : [stamped(tagWebhook(target, name))];
  });
  const all = [
    ...nodeAgent,
    ...[...made.values()].flatMap((each) => [...each.controlPlane, ...each.injector]),
    ...webhooks,
  ];
  const frozen = frozenObjects(input, nodeAgent);
  return { nodeAgent, revisions, tags: webhooks, kept: new Set([...all, ...frozen].map(objectId)) };
}

function installationOf(
  { name, spec, entry }: WantedRevision,
  { observed, settings }: PartsInput,
): Installation | undefined {
  if (entry === undefined) return undefined;
  return installation({ ...shared(observed), revision: { name, spec }, entry, settings });
}

function shared(observed: Observed) {
  const { kubernetesVersion, certificateAuthority } = observed;
  const install = withPluginFolders(observed.install, observed.owned);
  const root = certificateAuthority.kind === "present" ? certificateAuthority.root : "";
  return { install, kubernetesVersion, root, cni: cniMode(observed) };
}

/** One node agent serves the sidecars of every revision: it is that of the newest. */
function nodeAgentOfNewest(revisions: readonly Part[], { observed, settings }: PartsInput): readonly Manifest[] {
  const staying = revisions.filter((part) => !part.isLeaving).flatMap(({ wanted }) => wanted.entry ?? []);
  const newest = newestVersion(staying.map(({ version }) => version));
  const entry = staying.find(({ version }) => version === newest);
  return entry === undefined ? [] : nodeAgentManifests(installation({ ...shared(observed), entry, settings }));
}

/** What belongs to a revision whose version the operator no longer knows, or to a tag of it, is neither changed nor removed. */
function frozenObjects({ observed, wanted, tags }: PartsInput, nodeAgent: readonly Manifest[]): readonly OwnedObject[] {
  const { owned } = observed;
  const frozen = wanted.filter(({ entry }) => entry === undefined).map(({ name }) => name);
  const standing = tags.filter(({ to }) => to !== undefined && frozen.includes(to)).map(({ name }) => name);
  const webhooks = owned.filter(({ metadata }) => standing.includes(metadata.labels?.[labels.tag] ?? ""));
  const agent = nodeAgent.length > 0 ? [] : owned.filter(({ metadata }) => !isOfRevision(metadata));
  return [...frozen.flatMap((name) => ofRevision(owned, name)), ...webhooks, ...agent];
}

function isOfRevision({ labels: own = {} }: OwnedObject["metadata"]): boolean {
  return own[labels.revision] !== undefined;
}

function dueOf(target: Installation | undefined, made: RevisionManifests, observed: Observed): RevisionManifests {
  if (target === undefined) return nothing;
  return {
    controlPlane: isControlPlaneDue(target, observed) ? made.controlPlane : [],
    injector: isInjectorDue(target.revision, made.injector, observed) ? made.injector : [],
  };
}

/**
 * A control plane waits for node agents that are at least as new; the first one need not, since it serves nobody yet, nor does one
 * of which only something else than the version is to change.
 */
function isControlPlaneDue({ revision, version }: Installation, { owned }: Observed): boolean {
  const deployments = owned.filter(({ kind }) => kind === "Deployment");
  const own = ofRevision(deployments, revision)[0];
  if (deployments.length === 0 || own?.metadata.labels?.[versionLabel] === version) return true;
  const agent = nodeAgentOf(owned);
  const agentVersion = agent?.metadata.labels?.[versionLabel] ?? "";
  return agent !== undefined && isAtLeast(agentVersion, version) && daemonSetRollout(agent).kind === "complete";
}

function isAtLeast(version: string, least: string): boolean {
  return version !== "" && gte(version, least);
}

/** The webhook is made once its server answers; later it stays, whatever the server does: it fails closed. */
function isInjectorDue(revision: string, injector: readonly Manifest[], { owned, webhooks }: Observed): boolean {
  return webhooks.get(revision)?.kind === "answers" || injector.some((manifest) => find(owned, manifest) !== undefined);
}
