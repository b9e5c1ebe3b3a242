import type { MeshInstall } from "../api/mesh-install.ts";
import { components, createdAnnotation, names } from "../api/names.ts";
import { type Manifest, managedLabels } from "./manifest.ts";

/** The Secret of the mesh's root, without its data: those are made where it is created, once, and never overwritten. */
export function certificateAuthoritySecret(install: MeshInstall): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: names.certificateAuthority,
      namespace: install.spec.namespace,
      labels: managedLabels(install.metadata.name, components.nodeAgent),
      annotations: { [createdAnnotation]: "true" },
    },
    type: "kubernetes.io/tls",
  };
}
