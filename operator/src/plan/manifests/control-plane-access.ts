import { controlPlaneName } from "@meshwright/contract/volume";
import { clusterRoleName, components } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, revisionLabels } from "../manifest.ts";

const read = ["get", "list", "watch"] as const;
const rbac = "rbac.authorization.k8s.io";

/** What meshd may do: read what it routes to, ask who somebody is and what they may see, tell Events, and read its own settings. */
export function controlPlaneAccess(installation: Installation): readonly Manifest[] {
  const { revision, namespace } = installation;
  const own = controlPlaneName(revision);
  const wide = clusterRoleName(revision, namespace);
  return [
    role(installation, "ClusterRole", wide, [
      { apiGroups: [""], resources: ["pods", "services", "namespaces", "nodes"], verbs: read },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
      { apiGroups: ["security.istio.io"], resources: ["peerauthentications"], verbs: read },
      { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
      { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
      { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
    ]),
    binding(installation, "ClusterRole", wide),
    role(installation, "Role", own, [
      { apiGroups: [""], resources: ["configmaps"], resourceNames: [own], verbs: read },
    ]),
    binding(installation, "Role", own),
  ];
}

function role(
  installation: Installation,
  kind: "Role" | "ClusterRole",
  name: string,
  rules: readonly object[],
): Manifest {
  return { apiVersion: `${rbac}/v1`, kind, metadata: metadata(installation, kind, name), rules };
}

function binding(installation: Installation, roleKind: "Role" | "ClusterRole", name: string): Manifest {
  const { revision, namespace } = installation;
  return {
    apiVersion: `${rbac}/v1`,
    kind: `${roleKind}Binding`,
    metadata: metadata(installation, roleKind, name),
    roleRef: { apiGroup: rbac, kind: roleKind, name },
    subjects: [{ kind: "ServiceAccount", name: controlPlaneName(revision), namespace }],
  };
}

function metadata(installation: Installation, kind: "Role" | "ClusterRole", name: string): Manifest["metadata"] {
  const labels = revisionLabels(installation, components.controlPlane);
  return kind === "Role" ? { name, namespace: installation.namespace, labels } : { name, labels };
}
