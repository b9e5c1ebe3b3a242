/** Versions of the mesh's five revisions, one after the other. */
export const versions = ["v1.0.0", "v1.0.1", "v1.1.0", "v1.1.1", "v1.2.0"] as const;

/** A catalogue of versions, as operator/versions.yaml. */
export function catalogueOf(all: readonly string[]): string {
  const images = { controlPlane: "meshwright-meshd", nodeAgent: "meshwright-node-agent", proxy: "meshwright-proxy" };
  const kubernetes = { range: ">=1.29.0", tested: ["1.37"] };
  return JSON.stringify({
    versions: all.map((version) => ({ version, images, kubernetes, proxies: { minorsBehind: 1 } })),
  });
}

/** Whatever the operator asks for, but its lease. */
export const auditPolicy = JSON.stringify({
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
    { level: "Metadata", users: ["system:serviceaccount:meshwright-operator:meshwright-operator"] },
    { level: "None" },
  ],
});
