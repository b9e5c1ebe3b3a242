import { defaultRevision, labels } from "@meshwright/contract/labels";
import { controlPlaneName, injectionPath } from "@meshwright/contract/volume";
import { components, tagWebhookConfigurationName, webhookConfigurationName } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, revisionLabels } from "../manifest.ts";

interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

const isIn = (key: string, ...values: readonly string[]): Requirement => ({ key, operator: "In", values });
const notIn = (key: string, ...values: readonly string[]): Requirement => ({ key, operator: "NotIn", values });
const absent = (key: string): Requirement => ({ key, operator: "DoesNotExist" });

/** One way in which a pod asks for a sidecar: all requirements on its namespace and all on itself. */
interface Selection {
  readonly prefix: string;
  readonly namespace: readonly Requirement[];
  readonly object: readonly Requirement[];
}

/**
 * Istio's selectors: of several labels exactly one selection matches, and a namespace's `istio-injection` wins over
 * revisions, a namespace's revision over a pod's.
 * Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
function selections(name: string): readonly Selection[] {
  const { injection, inject, revision: rev } = labels;
  const wanted = notIn(inject, "false");
  const byRevision = [
    { prefix: "rev.namespace", namespace: [isIn(rev, name), absent(injection)], object: [wanted] },
    { prefix: "rev.object", namespace: [absent(rev), absent(injection)], object: [wanted, isIn(rev, name)] },
  ];
  if (name !== defaultRevision) return byRevision;
  return [
    ...byRevision,
    { prefix: "namespace", namespace: [isIn(injection, "enabled")], object: [wanted] },
    { prefix: "object", namespace: [absent(injection), absent(rev)], object: [isIn(inject, "true"), absent(rev)] },
  ];
}

/** Which pods a webhook is called for, and under which name it was asked. */
interface Asked {
  readonly selection: Selection;
  readonly path: string;
}

/** The webhook by which pods get the sidecar of a revision. It fails closed: a pod without sidecar would bypass every policy. */
export function revisionWebhook(installation: Installation): Manifest {
  const { revision } = installation;
  const own = revisionLabels(installation, components.injector);
  const webhooks = selections(revision).map((selection) => webhook(installation, { selection, path: injectionPath }));
  return configuration(webhookConfigurationName(revision), own, webhooks);
}

/** The webhook of a tag: pods that ask for the tag get the sidecar of the revision that it stands for. */
export function tagWebhook(installation: Installation, tag: string): Manifest {
  const own = { ...revisionLabels(installation, components.injector), [labels.tag]: tag };
  const path = `${injectionPath}/${tag}`;
  const webhooks = selections(tag).map((selection) => webhook(installation, { selection, path }));
  return configuration(tagWebhookConfigurationName(tag), own, webhooks);
}

function configuration(name: string, own: Readonly<Record<string, string>>, webhooks: readonly object[]): Manifest {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name, labels: own },
    webhooks,
  };
}

function webhook(installation: Installation, { selection, path }: Asked): object {
  const { revision, namespace, root, spec, excludedNamespaces } = installation;
  return {
    name: `${selection.prefix}.injector.meshwright.dev`,
    admissionReviewVersions: ["v1"],
    clientConfig: {
      service: { name: controlPlaneName(revision), namespace, path, port: 443 },
      caBundle: Buffer.from(root).toString("base64"),
    },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "*" }],
    namespaceSelector: { matchExpressions: selection.namespace },
    objectSelector: { matchExpressions: selection.object },
    // Our own pods and Kubernetes' must start although no meshd answers: a label there by mistake must not lock us out.
    matchConditions: [
      { name: "not-excluded", expression: `!(request.namespace in ${JSON.stringify(excludedNamespaces)})` },
    ],
    // The API server's own is Fail. Said only when it is another: who says Ignore on the object in an emergency is not contradicted.
    ...(spec.injection.failurePolicy === "Fail" ? {} : { failurePolicy: spec.injection.failurePolicy }),
    matchPolicy: "Equivalent",
    // Injection is idempotent, and a webhook after ours may add containers whose probes we must rewrite.
    reinvocationPolicy: "IfNeeded",
    // an Event tells about a pod that asked for a sidecar and cannot have one
    sideEffects: "NoneOnDryRun",
    timeoutSeconds: 5,
  };
}
