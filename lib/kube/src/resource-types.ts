import type { KubeObject, ResourceType } from "./types.ts";

/** Gives a type the shape that the caller reads: `typed<Service>(services)`. The API server, not this, vouches for it. */
export function typed<T extends KubeObject>(type: ResourceType): ResourceType<T> {
  const { group, version, plural, kind, namespaced } = type;
  return { group, version, plural, kind, namespaced };
}

function core(kind: string, plural: string, namespaced = true): ResourceType {
  return { group: "", version: "v1", plural, kind, namespaced };
}

function grouped(group: string, kind: string, plural: string, namespaced = true): ResourceType {
  return { group, version: "v1", plural, kind, namespaced };
}

export const services = core("Service", "services");
export const pods = core("Pod", "pods");
export const configMaps = core("ConfigMap", "configmaps");
export const secrets = core("Secret", "secrets");
export const serviceAccounts = core("ServiceAccount", "serviceaccounts");
export const namespaces = core("Namespace", "namespaces", false);
export const nodes = core("Node", "nodes", false);

export const endpointSlices = grouped("discovery.k8s.io", "EndpointSlice", "endpointslices");
export const deployments = grouped("apps", "Deployment", "deployments");
export const replicaSets = grouped("apps", "ReplicaSet", "replicasets");
export const daemonSets = grouped("apps", "DaemonSet", "daemonsets");
export const podDisruptionBudgets = grouped("policy", "PodDisruptionBudget", "poddisruptionbudgets");
export const leases = grouped("coordination.k8s.io", "Lease", "leases");
export const events = grouped("events.k8s.io", "Event", "events");
export const csiDrivers = grouped("storage.k8s.io", "CSIDriver", "csidrivers", false);
export const tokenReviews = grouped("authentication.k8s.io", "TokenReview", "tokenreviews", false);
export const subjectAccessReviews = grouped(
  "authorization.k8s.io",
  "SubjectAccessReview",
  "subjectaccessreviews",
  false,
);
export const customResourceDefinitions = grouped(
  "apiextensions.k8s.io",
  "CustomResourceDefinition",
  "customresourcedefinitions",
  false,
);

const admission = "admissionregistration.k8s.io";
export const mutatingWebhookConfigurations = grouped(
  admission,
  "MutatingWebhookConfiguration",
  "mutatingwebhookconfigurations",
  false,
);
export const validatingWebhookConfigurations = grouped(
  admission,
  "ValidatingWebhookConfiguration",
  "validatingwebhookconfigurations",
  false,
);

const rbac = "rbac.authorization.k8s.io";
export const roles = grouped(rbac, "Role", "roles");
export const roleBindings = grouped(rbac, "RoleBinding", "rolebindings");
export const clusterRoles = grouped(rbac, "ClusterRole", "clusterroles", false);
export const clusterRoleBindings = grouped(rbac, "ClusterRoleBinding", "clusterrolebindings", false);

export const peerAuthentications = grouped("security.istio.io", "PeerAuthentication", "peerauthentications");
