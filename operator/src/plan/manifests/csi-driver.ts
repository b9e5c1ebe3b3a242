import { tokenAudience } from "@meshwright/contract/identity";
import { csiDriverName } from "@meshwright/contract/volume";
import { gte } from "semver";
import { components } from "../../api/names.ts";
import type { Installation } from "../installation.ts";
import { type Manifest, managedLabels } from "../manifest.ts";

/** Kubernetes API servers before this one do not know `serviceAccountTokenInSecrets`, and refuse it. */
const tokenInSecretsSince = "1.35.0";

/**
 * The node agent's CSI driver: kubelet hands it each pod's own token, and republishes about once a minute, so that the
 * agent can renew certificates. `fsGroupPolicy: None` keeps kubelet from changing the owner of the key.
 * Source: https://kubernetes-csi.github.io/docs/csi-driver-object.html
 */
export function csiDriver({ name, kubernetesVersion }: Installation): Manifest {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: {
      name: csiDriverName,
      labels: {
        ...managedLabels(name, components.nodeAgent),
        // OpenShift admits inline volumes of a driver into restricted namespaces only with this.
        "security.openshift.io/csi-ephemeral-volume-profile": "restricted",
      },
    },
    spec: {
      attachRequired: false,
      podInfoOnMount: true,
      requiresRepublish: true,
      fsGroupPolicy: "None",
      volumeLifecycleModes: ["Ephemeral"],
      tokenRequests: [{ audience: tokenAudience, expirationSeconds: 3600 }],
      ...(gte(kubernetesVersion, tokenInSecretsSince) ? { serviceAccountTokenInSecrets: true } : {}),
    },
  };
}
