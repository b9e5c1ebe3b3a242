import { spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { DevError } from "../command/dev-error.ts";
import type { ExtraImages } from "../images/names.ts";

/**
 * Brings the cluster up and our images into it; quick when both are there. A cluster that the user has pulls them.
 *
 * @param nodes how many nodes it must have; left out, as many as it has, or one. `NODES` in the environment has the last word.
 * @param extras images that are needed beside those of the released versions
 */
export async function prepareCluster(nodes?: number, extras: readonly ExtraImages[] = []): Promise<void> {
  const asked = nodes === undefined || process.env["NODES"] ? {} : { NODES: `${nodes}` };
  await runDev(["cluster", "up"], asked);
  if (process.env["CLUSTER"] !== "existing") await runDev(["images", ...extras]);
}

/** Runs one of the development commands in a process of its own, with our terminal. */
async function runDev(
  [command = "", ...args]: readonly string[],
  extraEnv: Readonly<Record<string, string>> = {},
): Promise<void> {
  const main = join(repositoryRoot, "dev", command, "main.ts");
  const env = { ...process.env, ...extraEnv };
  const child = spawn(process.execPath, [main, ...args], { stdio: "inherit", cwd: repositoryRoot, env });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject);
  child.once("close", (code) => resolve(code ?? 128));
  const code = await promise;
  if (code !== 0) throw new DevError("CommandFailed", `dev/${command} ${args.join(" ")} failed: see above`);
}
