import { spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { DevError } from "../command/dev-error.ts";

/** Brings the cluster up and our images into it; quick when both are there. A cluster that the user has pulls them. */
export async function prepareCluster(): Promise<void> {
  await runDev("cluster", "up");
  if (process.env["CLUSTER"] !== "existing") await runDev("images");
}

/** Runs one of the development commands in a process of its own, with our terminal. */
async function runDev(command: string, ...args: readonly string[]): Promise<void> {
  const main = join(repositoryRoot, "dev", command, "main.ts");
  const child = spawn(process.execPath, [main, ...args], { stdio: "inherit", cwd: repositoryRoot });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject);
  child.once("close", (code) => resolve(code ?? 128));
  const code = await promise;
  if (code !== 0) throw new DevError("CommandFailed", `dev/${command} ${args.join(" ")} failed: see above`);
}
