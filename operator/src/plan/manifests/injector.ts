import { labels } from "@meshwright/contract/labels";
import { controlPlaneName } from "@meshwright/contract/volume";
import { components, webhookConfigurationName } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels } from "../manifest.ts";

interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

const isIn = (key: string, ...values: readonly string[]): Requirement => ({ key, operator: "In", values });
const notIn = (key: string, ...values: readonly string[]): Requirement => ({ key, operator: "NotIn", values });
const absent = (key: string): Requirement => ({ key, operator: "DoesNotExist" });

/** The revision that `istio-injection=enabled` and `sidecar.istio.io/inject=true` mean, as in Istio. */
const defaultRevision = "default";

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
function selections(revision: string): readonly Selection[] {
  const { injection, inject, revision: rev } = labels;
  const wanted = notIn(inject, "false");
  const byRevision = [
    { prefix: "rev.namespace", namespace: [isIn(rev, revision), absent(injection)], object: [wanted] },
    { prefix: "rev.object", namespace: [absent(rev), absent(injection)], object: [wanted, isIn(rev, revision)] },
  ];
  if (revision !== defaultRevision) return byRevision;
  return [
    ...byRevision,
    { prefix: "namespace", namespace: [isIn(injection, "enabled")], object: [wanted] },
    { prefix: "object", namespace: [absent(injection), absent(rev)], object: [isIn(inject, "true"), absent(rev)] },
  ];
}

/** The webhook by which pods get their sidecar. It fails closed: a pod without sidecar would bypass every policy. */
export function injectorWebhook(installation: Installation): Manifest {
  const { name, revision } = installation;
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: {
      name: webhookConfigurationName(revision),
      labels: { ...managedLabels(name, components.injector), [labels.revision]: revision },
    },
    webhooks: selections(revision).map((selection) => webhook(installation, selection)),
  };
}

function webhook({ revision, namespace, root, excludedNamespaces }: Installation, selection: Selection): object {
  return {
    name: `${selection.prefix}.injector.meshwright.dev`,
    admissionReviewVersions: ["v1"],
    clientConfig: {
      service: { name: controlPlaneName(revision), namespace, path: "/inject", port: 443 },
      caBundle: Buffer.from(root).toString("base64"),
    },
    rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], scope: "*" }],
    namespaceSelector: { matchExpressions: selection.namespace },
    objectSelector: { matchExpressions: selection.object },
    // Our own pods and Kubernetes' must start although no meshd answers: a label there by mistake must not lock us out.
    matchConditions: [
      { name: "not-excluded", expression: `!(request.namespace in ${JSON.stringify(excludedNamespaces)})` },
    ],
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    // Injection is idempotent, and a webhook after ours may add containers whose probes we must rewrite.
    reinvocationPolicy: "IfNeeded",
    // an Event tells about a pod that asked for a sidecar and cannot have one
    sideEffects: "NoneOnDryRun",
    timeoutSeconds: 10,
  };
}
