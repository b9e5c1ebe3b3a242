import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { repositoryRoot } from "../cluster/paths.ts";
import { DevError } from "../command/dev-error.ts";
import { pollUntil } from "../kuttl/poll.ts";
import type { StepReport } from "../progress/progress.ts";
import { kubectl, tryKubectl } from "./kubectl.ts";
import { withRegistry } from "./registry.ts";

const timeoutMs = 300_000;

/** The MeshInstall of the samples. */
export function sampleInstall(): string {
  return readFileSync(join(repositoryRoot, "samples", "mesh-install.yaml"), "utf8");
}

/**
 * Applies a MeshInstall, named default, and waits until it is ready, telling what it waits for.
 *
 * Errors: DevError `TimedOut` with what the MeshInstall says of itself.
 */
export async function installMesh(manifest: string, report: StepReport): Promise<void> {
  await putInstall(withRegistry(manifest));
  let message = "the operator has not looked at it yet";
  const isReady = await pollUntil(Date.now() + timeoutMs, 1000, async () => {
    const { code } = await tryKubectl(["wait", "meshinstall/default", "--for=condition=Ready", "--timeout=0"]);
    if (code === 0) return true;
    message = (await readyMessage()) ?? message;
    report.note(message);
    return undefined;
  });
  if (isReady === undefined) throw new DevError("TimedOut", `MeshInstall "default" is not ready: ${message}`);
}

/** Makes the spec what the manifest says and nothing else: an apply would leave what somebody has patched in. */
async function putInstall(manifest: string): Promise<void> {
  const { code } = await tryKubectl(["get", "meshinstall", "default"]);
  if (code !== 0) return void (await kubectl(["create", "-f", "-"], manifest));
  const { spec } = z.object({ spec: z.unknown() }).parse(parse(manifest));
  const patch = JSON.stringify([{ op: "replace", path: "/spec", value: spec }]);
  await kubectl(["patch", "meshinstall", "default", "--type=json", "-p", patch]);
}

const install = z.object({
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), message: z.string() })).default([]) })
    .default({ conditions: [] }),
});

async function readyMessage(): Promise<string | undefined> {
  const { conditions } = install.parse(
    JSON.parse(await kubectl(["get", "meshinstall", "default", "-o", "json"])),
  ).status;
  return conditions.find(({ type }) => type === "Ready")?.message;
}
