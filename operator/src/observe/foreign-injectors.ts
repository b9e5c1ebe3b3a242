import { labels } from "@meshwright/contract/labels";
import type { KubeObject } from "@meshwright/kube/types";
import type { ForeignInjector } from "./types.ts";

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

interface Webhook {
  readonly rules?: readonly { readonly operations?: readonly string[]; readonly resources?: readonly string[] }[];
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}

/** Names by which other meshes' injectors are known: Istio (also its revisions and tags), Linkerd, Kuma and Kong Mesh, Consul, OSM. */
const injectorNames = [
  /^istio-(?:sidecar-injector|revision-tag)/,
  /^linkerd-.*injector/,
  /^(?:kuma|kong-mesh)-/,
  /consul.*connect-injector/,
  /^osm-webhook/,
];

/**
 * Finds the injectors of other meshes that are called for pods of our namespaces too: such pods get two sidecars.
 *
 * @param meshed the namespaces whose pods ask for one of our revisions or tags
 */
export function foreignInjectors(
  configurations: readonly WebhookConfiguration[],
  meshed: readonly KubeObject[],
): readonly ForeignInjector[] {
  return configurations.filter(isForeignInjector).flatMap(({ metadata, webhooks = [] }) => {
    const injecting = webhooks.filter(isForPods);
    const namespaces = meshed
      .filter(({ metadata: { labels: own = {} } }) => injecting.some((webhook) => selectsPodsOf(own, webhook)))
      .map((namespace) => namespace.metadata.name)
      .toSorted();
    return namespaces.length === 0 ? [] : [{ name: metadata.name, namespaces }];
  });
}

function isForeignInjector({ metadata }: WebhookConfiguration): boolean {
  const isOurs = metadata.labels?.[labels.install] !== undefined;
  return !isOurs && injectorNames.some((name) => name.test(metadata.name));
}

function isForPods({ rules = [] }: Webhook): boolean {
  return rules.some(({ operations = [], resources = [] }) => {
    const isCreate = operations.includes("CREATE") || operations.includes("*");
    return isCreate && (resources.includes("pods") || resources.includes("*"));
  });
}

/** Whether a webhook is called for a pod without labels of its own in a namespace with these. */
function selectsPodsOf(namespace: Readonly<Record<string, string>>, webhook: Webhook): boolean {
  return selects(webhook.namespaceSelector, namespace) && selects(webhook.objectSelector, {});
}

/** Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
export function selects(selector: LabelSelector | undefined, own: Readonly<Record<string, string>>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => own[key] === value) &&
    matchExpressions.every((requirement) => holds(requirement, own))
  );
}

function holds({ key, operator, values = [] }: Requirement, own: Readonly<Record<string, string>>): boolean {
  const value = own[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
