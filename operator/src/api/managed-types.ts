/** A kind of object and where the API server serves it. */
export interface ManagedType {
  readonly group: string;
  readonly version: "v1" | "v2";
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const type = (
  group: string,
  kind: string,
  plural: string,
  namespaced: boolean,
  version: ManagedType["version"] = "v1",
): ManagedType => ({
  group,
  version,
  kind,
  plural,
  namespaced,
});

export const secretType = type("", "Secret", "secrets", true);
export const namespaceType = type("", "Namespace", "namespaces", false);
export const meshInstallType = type("meshwright.dev", "MeshInstall", "meshinstalls", false);

export const meshRevisionType = type("meshwright.dev", "MeshRevision", "meshrevisions", false);
export const meshRevisionTagType = type("meshwright.dev", "MeshRevisionTag", "meshrevisiontags", false);

const rbac = "rbac.authorization.k8s.io";

/** Every kind of which an install owns objects that are watched, put back and pruned. */
export const ownedTypes: readonly ManagedType[] = [
  type("", "ConfigMap", "configmaps", true),
  type("", "ServiceAccount", "serviceaccounts", true),
  type("", "Service", "services", true),
  type("apps", "Deployment", "deployments", true),
  type("apps", "DaemonSet", "daemonsets", true),
  type("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true, "v2"),
  type("policy", "PodDisruptionBudget", "poddisruptionbudgets", true),
  type(rbac, "Role", "roles", true),
  type(rbac, "RoleBinding", "rolebindings", true),
  type(rbac, "ClusterRole", "clusterroles", false),
  type(rbac, "ClusterRoleBinding", "clusterrolebindings", false),
  type("storage.k8s.io", "CSIDriver", "csidrivers", false),
  type("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false),
];

/** Kinds by which a namespace shows that others use it too. */
export const witnessTypes: readonly ManagedType[] = [
  ...ownedTypes.filter(({ kind }) =>
    ["ConfigMap", "ServiceAccount", "Service", "Deployment", "DaemonSet"].includes(kind),
  ),
  type("", "Pod", "pods", true),
  type("", "PersistentVolumeClaim", "persistentvolumeclaims", true),
  type("apps", "StatefulSet", "statefulsets", true),
];

/** The type of a managed kind. */
export function managedType(kind: string): ManagedType | undefined {
  return [...ownedTypes, secretType, namespaceType, meshRevisionType].find((candidate) => candidate.kind === kind);
}
