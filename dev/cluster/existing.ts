import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { DevError } from "../command/dev-error.ts";
import { tryKubectl } from "./kubectl.ts";
import { kubeconfigPath, stateDir } from "./paths.ts";

/** Takes a cluster that the user has: its kubeconfig is copied to where everything looks for it. */
export async function useExisting(kubeconfig: string | undefined): Promise<void> {
  if (kubeconfig === undefined)
    throw new DevError("Usage", "cannot use an existing cluster: set KUBECONFIG to the path of its kubeconfig");
  await mkdir(stateDir, { recursive: true });
  if (!existsSync(kubeconfig))
    throw new DevError(
      "Usage",
      `cannot find the kubeconfig: KUBECONFIG is "${kubeconfig}", set it to the path of one file`,
    );
  await copyFile(kubeconfig, kubeconfigPath);
  const { code, stderr } = await tryKubectl(["get", "--raw", "/readyz"]);
  if (code !== 0)
    throw new DevError("Prerequisite", `cannot reach the cluster of KUBECONFIG "${kubeconfig}": ${stderr}`);
}
