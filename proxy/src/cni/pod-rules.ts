import { glob, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { csiDriverName, volumeFiles } from "@meshwright/contract/volume";
import { z } from "zod";
import { CniError } from "./cni-error.ts";

/** What a pod leaves to the CNI plugin. */
export type PodRules =
  | { readonly kind: "load"; readonly path: string }
  /** A gateway, which has no redirect, or a pod whose own init container loads the rules. */
  | { readonly kind: "none" };

/** What kubelet writes beside the mount of every CSI volume, before the driver is asked to publish it. */
const volumeData = z.object({ driverName: z.string() });

/**
 * Finds the rules of a pod in the volume that was published for it, which is there before the pod has a network. The
 * files are asked and not the agent's memory, so that an agent that has just started answers too. A volume of another
 * driver does not count: whoever writes there must not say what root loads.
 *
 * Errors: CniError `RulesMissing`.
 */
export async function findPodRules(kubeletDir: string, podUid: string): Promise<PodRules> {
  const volumes = join(kubeletDir, "pods", podUid, "volumes", "kubernetes.io~csi");
  const found: string[] = [];
  for await (const path of glob(join(volumes, "*", "mount", `{${volumeFiles.redirect},${volumeFiles.cniRedirect}}`)))
    if (await isOurs(dirname(dirname(path)))) found.push(path);
  const [path, ...others] = found;
  if (path !== undefined && others.length === 0)
    return basename(path) === volumeFiles.cniRedirect ? { kind: "load", path } : { kind: "none" };
  const detail = `${found.length} volumes of ${csiDriverName} hold redirect rules: want one in "${volumes}"`;
  throw new CniError("RulesMissing", `cannot redirect Pod with UID "${podUid}": ${detail}`);
}

async function isOurs(volumeDir: string): Promise<boolean> {
  try {
    const text = await readFile(join(volumeDir, "vol_data.json"), "utf8");
    return volumeData.parse(JSON.parse(text)).driverName === csiDriverName;
  } catch {
    return false;
  }
}
