import {
  contractVersion,
  csiDriverName,
  type ProbeRoute,
  volumeAttributes,
  volumeMountPath,
} from "@meshwright/contract/volume";
import { volumeName } from "./names.ts";

export interface VolumeSpec {
  readonly name: string;
  readonly csi: {
    readonly driver: string;
    readonly readOnly: true;
    readonly volumeAttributes: Readonly<Record<string, string>>;
  };
}

export const identityMount = { name: volumeName, mountPath: volumeMountPath, readOnly: true } as const;

/** The volume that gives the pod its identity, bootstrap and redirect rules (lib/contract, volume.ts). */
export function identityVolume(revision: string, routes: readonly ProbeRoute[]): VolumeSpec {
  const attributes = {
    [volumeAttributes.contract]: contractVersion,
    [volumeAttributes.revision]: revision,
    ...(routes.length > 0 && { [volumeAttributes.probes]: JSON.stringify(routes) }),
  };
  return { name: volumeName, csi: { driver: csiDriverName, readOnly: true, volumeAttributes: attributes } };
}
