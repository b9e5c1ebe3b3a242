import type { CaptureAttribute } from "@meshwright/contract/capture-attribute";
import type { ProbeRoute } from "@meshwright/contract/probe-route";
import { isProxyVersion } from "@meshwright/contract/proxy-version";
import { contractVersion, csiDriverName, volumeAttributes, volumeMountPath } from "@meshwright/contract/volume";
import { volumeName } from "./names.ts";

export interface VolumeSpec {
  readonly name: string;
  readonly csi: {
    readonly driver: string;
    readonly readOnly: true;
    readonly volumeAttributes: Readonly<Record<string, string>>;
  };
}

/** What the node agent is told about a pod. */
export interface VolumeContents {
  readonly revision: string;
  /** Of the sidecar; undefined: not known. */
  readonly version: string | undefined;
  readonly routes: readonly ProbeRoute[];
  readonly capture: CaptureAttribute;
  readonly redirect: "init" | "cni";
}

export const identityMount = { name: volumeName, mountPath: volumeMountPath, readOnly: true } as const;

/**
 * The volume that gives the pod its identity, bootstrap and redirect rules (lib/contract, volume.ts). What is as it is
 * by default is not said, so that an older node agent understands as much as it can.
 */
export function identityVolume({ revision, version, routes, capture, redirect }: VolumeContents): VolumeSpec {
  const attributes = {
    [volumeAttributes.contract]: contractVersion,
    [volumeAttributes.revision]: revision,
    ...(version !== undefined && isProxyVersion(version) && { [volumeAttributes.version]: version }),
    ...(routes.length > 0 && { [volumeAttributes.probes]: JSON.stringify(routes) }),
    ...(Object.keys(capture).length > 0 && { [volumeAttributes.capture]: JSON.stringify(capture) }),
    ...(redirect !== "init" && { [volumeAttributes.redirect]: redirect }),
  };
  return { name: volumeName, csi: { driver: csiDriverName, readOnly: true, volumeAttributes: attributes } };
}
