import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CniError } from "./cni-error.ts";
import { findPodRules, type PodRules } from "./pod-rules.ts";
import type { RedirectRequest } from "./redirect-request.ts";

const run = promisify(execFile);

/** The plugin waits for 10 s. */
const timeoutMs = 8000;

/**
 * Loads a pod's rules into its network, if it leaves that to the plugin. Loading them again changes nothing, and replaces
 * what is damaged.
 *
 * Errors: CniError `RulesMissing`, or `RulesRefused` with nft's own words.
 */
export async function loadPodRules(kubeletDir: string, { podUid, netns }: RedirectRequest): Promise<PodRules["kind"]> {
  const rules = await findPodRules(kubeletDir, podUid);
  if (rules.kind === "none") return "none";
  try {
    await run("nsenter", [`--net=${netns}`, "nft", "-f", rules.path], { timeout: timeoutMs });
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : String(cause);
    throw new CniError("RulesRefused", `cannot redirect Pod with UID "${podUid}" in "${netns}": ${said}`, { cause });
  }
  return "load";
}
