import { labels } from "@meshwright/contract/labels";
import { components, createdAnnotation } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels } from "../manifest.ts";

/** The namespace, when it is ours to make. The node agent mounts into pods, which only `privileged` pods may. */
export function namespace({ name, namespace: id }: Pick<Installation, "name" | "namespace">): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: id,
      labels: {
        ...managedLabels(name, components.namespace),
        [labels.injection]: "disabled",
        "pod-security.kubernetes.io/enforce": "privileged",
      },
      annotations: { [createdAnnotation]: "true" },
    },
  };
}
