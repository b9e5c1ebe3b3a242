import { volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import type { ContainerSpec } from "./container-spec.ts";
import { identityMount } from "./identity-volume.ts";
import { redirectName } from "./names.ts";
import type { PodSettings } from "./pod-settings.ts";

/** The init container that loads the pod's redirect rules; the only thing in the pod with a capability. */
export function redirectContainer({ proxy, redirectImage }: PodSettings): ContainerSpec {
  return {
    name: redirectName,
    image: redirectImage,
    imagePullPolicy: proxy.imagePullPolicy,
    command: ["/usr/sbin/nft", "-f", `${volumeMountPath}/${volumeFiles.redirect}`],
    resources: proxy.resources,
    securityContext: {
      // an added capability is effective for root only; without CAP_DAC_OVERRIDE this root cannot read the pod's key
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [identityMount],
  };
}
