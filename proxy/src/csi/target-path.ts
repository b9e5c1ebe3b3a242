import { join, normalize } from "node:path";
import { VolumeError } from "./volume-error.ts";

const podPathPattern = /^[0-9a-zA-Z-]{1,64}\/volumes\/kubernetes\.io~csi\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/mount$/;

/**
 * Checks that a target path is where kubelet puts a pod's CSI volume:
 * `<kubelet dir>/pods/<uid>/volumes/kubernetes.io~csi/<volume>/mount`. The agent mounts and deletes as root, so it does
 * neither anywhere else.
 *
 * Errors: VolumeError `InvalidArgument`.
 */
export function checkTargetPath(path: string, kubeletDir: string): string {
  const pods = join(kubeletDir, "pods", "/");
  if (path === normalize(path) && path.startsWith(pods) && podPathPattern.test(path.slice(pods.length))) return path;
  const fix = `kubelet sends a path of the form "${pods}<uid>/volumes/kubernetes.io~csi/<volume>/mount": check --kubelet-dir`;
  throw new VolumeError(
    "InvalidArgument",
    `cannot use volume: target_path is ${JSON.stringify(path.slice(0, 300))}: ${fix}`,
  );
}
