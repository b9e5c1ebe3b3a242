/** Names of what exists once per cluster or once per mesh; what exists per revision is named by lib/contract. */
export const names = {
  /** Secret with the root certificate and its key. */
  certificateAuthority: "meshwright-ca",
  /** ConfigMap with the root certificate alone. */
  rootCertificate: "meshwright-ca-root",
  nodeAgent: "meshwright-node-agent",
} as const;

/** Where meshd finds its certificate authority. */
export const certificateAuthorityDir = "/etc/meshwright-ca";

/** Where the node agent finds the root. */
export const rootCertificateDir = "/etc/meshwright-root";

/** Key of the root certificate in the Secret and in the ConfigMap. */
export const rootCertificateKey = "ca.crt";

/** Components, as in the label app.kubernetes.io/component. An uninstall removes them one after the other. */
export const components = {
  namespace: "namespace",
  revision: "revision",
  injector: "injector",
  controlPlane: "control-plane",
  nodeAgent: "node-agent",
} as const;

export function webhookConfigurationName(revision: string): string {
  return `meshwright-injector-${revision}`;
}

export function tagWebhookConfigurationName(tag: string): string {
  return `meshwright-tag-${tag}`;
}

/** ClusterRoles are cluster-wide: the namespace keeps two installs' apart. */
export function clusterRoleName(revision: string, namespace: string): string {
  return `meshwright-meshd-${revision}-${namespace}`;
}

export const componentLabel = "app.kubernetes.io/component";
export const versionLabel = "app.kubernetes.io/version";

/** Stage of CNI mode, on the node agent's DaemonSet: `enabled`, or `removing` while the plugin leaves the nodes. */
export const cniAnnotation = "meshwright.dev/cni";
export const cniStages = ["enabled", "removing"] as const;
export type CniStage = (typeof cniStages)[number];

/** Digest of the manifest that was applied last; it tells a field that we dropped from one that we never had. */
export const appliedAnnotation = "meshwright.dev/applied";

/** On an object that the operator manages: `"true"` leaves it as it is, until its revision or the mesh is removed. */
export const ignoreAnnotation = "meshwright.dev/ignore";

/** Marks what the operator made and may therefore delete where a user could have made it: namespace and Secret. */
export const createdAnnotation = "meshwright.dev/created";

/** Field manager of every write, and value of app.kubernetes.io/managed-by. */
export const managedBy = "meshwright-operator";
