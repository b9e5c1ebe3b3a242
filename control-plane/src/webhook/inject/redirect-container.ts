import type { ProxyConfig } from "@meshwright/contract/mesh-config";
import { proxyUid, volumeFiles, volumeMountPath } from "@meshwright/contract/volume";
import type { ContainerSpec } from "./container-spec.ts";
import { identityMount } from "./identity-volume.ts";
import { redirectName } from "./names.ts";

/** The init container that loads the pod's redirect rules; the only thing in the pod with a capability. */
export function redirectContainer(proxy: ProxyConfig): ContainerSpec {
  return {
    name: redirectName,
    image: proxy.image,
    imagePullPolicy: proxy.imagePullPolicy,
    command: ["/usr/sbin/nft", "-f", `${volumeMountPath}/${volumeFiles.redirect}`],
    resources: proxy.resources,
    securityContext: {
      // the kernel grants an added capability to root only; the group reads the volume, as root without
      // CAP_DAC_OVERRIDE reads nothing that belongs to others
      runAsUser: 0,
      runAsGroup: proxyUid,
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
