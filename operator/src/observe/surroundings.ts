import type { KubeClient } from "@meshwright/kube/client";
import { isKubeError } from "@meshwright/kube/kube-error";
import {
  customResourceDefinitions,
  mutatingWebhookConfigurations,
  nodes,
  podDisruptionBudgets,
  typed,
} from "@meshwright/kube/resource-types";
import { type KubeObject, keyOf } from "@meshwright/kube/types";
import type { CatalogueEntry, UpgradeNote } from "../api/catalogue.ts";
import { listAffected } from "./affected.ts";
import { foreignInjectors, type WebhookConfiguration } from "./foreign-injectors.ts";
import type { AffectedObjects, Surroundings } from "./types.ts";

interface Node extends KubeObject {
  readonly status?: {
    readonly nodeInfo?: { readonly kubeletVersion?: string; readonly operatingSystem?: string };
  };
}

interface DisruptionBudget extends KubeObject {
  readonly status?: { readonly expectedPods?: number; readonly desiredHealthy?: number };
}

interface Definition extends KubeObject {
  readonly spec?: { readonly versions?: readonly { readonly name: string; readonly served: boolean }[] };
}

/** Kinds of others that the mesh reads, as they are installed beside it. */
const neededDefinitions = [{ name: "peerauthentications.security.istio.io", version: "v1" }] as const;

export interface SurroundingsOptions {
  readonly client: KubeClient;
  /** The version that is asked for. */
  readonly entry: CatalogueEntry;
  /** Namespaces that ask for a revision or tag of ours. */
  readonly meshed: readonly KubeObject[];
  /** That of the install. */
  readonly namespace: string;
}

/**
 * Looks at what a change of version meets in the cluster.
 * Errors: KubeError of a list; what upgrade notes ask about and the operator may not read is told as such.
 */
export async function readSurroundings(options: SurroundingsOptions, signal: AbortSignal): Promise<Surroundings> {
  const { client, entry, meshed, namespace } = options;
  const [allNodes, webhooks, budgets, definitions, affected] = await Promise.all([
    client.list(typed<Node>(nodes), { signal }),
    client.list(typed<WebhookConfiguration>(mutatingWebhookConfigurations), { signal }),
    client.list(typed<DisruptionBudget>(podDisruptionBudgets), { signal }),
    Promise.all(neededDefinitions.map((each) => readDefinition(client, each, signal))),
    Promise.all((entry.notes ?? []).map((note) => readAffected(client, note, signal))),
  ]);
  const ours = new Set([namespace, ...meshed.map(({ metadata }) => metadata.name)]);
  return {
    kind: "seen",
    nodes: allNodes.items.filter(isLinux).map(({ metadata, status }) => ({
      name: metadata.name,
      kubeletVersion: status?.nodeInfo?.kubeletVersion ?? "",
    })),
    injectors: foreignInjectors(webhooks.items, meshed),
    stuckBudgets: budgets.items
      .filter((budget) => ours.has(budget.metadata.namespace ?? "") && allowsNoDisruption(budget))
      .map(keyOf)
      .toSorted(),
    definitions,
    affected,
  };
}

function isLinux({ status }: Node): boolean {
  return (status?.nodeInfo?.operatingSystem ?? "linux") === "linux";
}

/** Whether all its pods must stay healthy, so that none may ever leave, however many there are. */
function allowsNoDisruption({ status }: DisruptionBudget): boolean {
  const { expectedPods = 0, desiredHealthy = 0 } = status ?? {};
  return expectedPods > 0 && desiredHealthy >= expectedPods;
}

async function readDefinition(
  client: KubeClient,
  { name, version }: (typeof neededDefinitions)[number],
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly version: string; readonly isServed: boolean }> {
  const definition = await client.get<Definition>(typed(customResourceDefinitions), { name }, { signal });
  const isServed = (definition?.spec?.versions ?? []).some((each) => each.name === version && each.served);
  return { name, version, isServed };
}

/** A kind that does not exist affects nobody. */
async function readAffected(client: KubeClient, note: UpgradeNote, signal: AbortSignal): Promise<AffectedObjects> {
  try {
    return { note, objects: await listAffected(client, note.affects, signal) };
  } catch (error) {
    if (isKubeError(error, "NotFound")) return { note, objects: [] };
    if (isKubeError(error, "Forbidden")) return { note, unreadable: error.message };
    throw error;
  }
}
