import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { csiDriverName, volumeFiles } from "@meshwright/contract/volume";
import { z } from "zod";
import { CniError } from "./cni-error.ts";

/** What kubelet writes beside the mount of every CSI volume, before the driver is asked to publish it. */
const volumeData = z.object({ driverName: z.string() });

/**
 * Finds the rules of a pod in the volume that was published for it, which is there before the pod has a network. The
 * files are asked and not the agent's memory, so that an agent that has just started answers too. A volume of another
 * driver does not count: whoever writes there must not say what root loads.
 *
 * Errors: CniError `RulesMissing`.
 */
export async function findPodRules(kubeletDir: string, podUid: string): Promise<string> {
  const volumes = join(kubeletDir, "pods", podUid, "volumes", "kubernetes.io~csi");
  const found: string[] = [];
  for await (const path of glob(join(volumes, "*", "mount", volumeFiles.redirect)))
    if (await isOurs(dirname(dirname(path)))) found.push(path);
  const [rules, ...others] = found;
  if (rules !== undefined && others.length === 0) return rules;
  const detail = `${found.length} volumes of ${csiDriverName} hold ${volumeFiles.redirect}: want one in "${volumes}"`;
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
