import type { MeshInstallSpec } from "./mesh-install-spec.ts";
import type { MeshInstallStatus } from "./mesh-install-status.ts";

export const group = "meshwright.dev";
export const apiVersion = `${group}/v1`;

/** Value: a version. A change to it goes on although pre-flight has found what should block it. */
export const acceptFindingsAnnotation = `${group}/accept-findings`;

/** Held while anything of the install is left to remove. */
export const uninstallFinalizer = `${group}/uninstall`;

/** A MeshInstall with every setting filled in: what its user says, over its profile, over the defaults. */
export interface MeshInstall {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: MeshInstallSpec;
  /** What stands in the API server's copy; absent on one that was not read through `filledIn`. */
  readonly stated?: Readonly<Record<string, unknown>>;
  readonly status?: MeshInstallStatus;
}

/** Whether its deletion was asked for. */
export function isDeleting(install: MeshInstall): boolean {
  return install.metadata.deletionTimestamp !== undefined;
}
