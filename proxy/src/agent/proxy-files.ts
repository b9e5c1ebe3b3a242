import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { IpStack } from "@meshwright/contract/ip-stack";
import { volumeFiles } from "@meshwright/contract/volume";
import { bootstrap } from "../bootstrap/bootstrap.ts";
import { certificateSds, trustBundleSds } from "../bootstrap/sds.ts";
import { readCapture } from "../redirect/capture.ts";
import { renderRuleset } from "../redirect/render.ts";
import { redirectRules } from "../redirect/ruleset.ts";
import type { VolumeSpec } from "./volume-spec.ts";

/** What all pods of a node share. */
export interface NodeFacts {
  /** Namespace of every revision's control plane. */
  readonly controlPlaneNamespace: string;
  readonly stack: IpStack;
  /** Those that kubelet gives to pods, by address. */
  readonly nameservers: readonly string[];
}

/** The files of a volume that do not change, by their path in it. */
export function proxyFiles(
  { revision, version, probes, capture, redirect }: VolumeSpec,
  { controlPlaneNamespace: namespace, stack, nameservers }: NodeFacts,
): Readonly<Record<string, string>> {
  const captured = readCapture(capture, nameservers);
  return {
    [volumeFiles.certificateSds]: json(certificateSds()),
    [volumeFiles.trustBundleSds]: json(trustBundleSds()),
    [redirect === "cni" ? volumeFiles.cniRedirect : volumeFiles.redirect]: renderRuleset(redirectRules(captured)),
    [volumeFiles.bootstrap]: json(
      bootstrap({ revision, namespace, probes, stack, nameservers: captured.nameservers, ...(version && { version }) }),
    ),
  };
}

/**
 * Writes the files that are not there yet. What a pod began with stays: rules are loaded once, and an Envoy that restarts
 * must find the bootstrap that they were made for, also after the agent was upgraded.
 */
export async function writeProxyFiles(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name);
    if (await exists(path)) continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeFile(`${path}.tmp`, text, { mode: 0o444 });
    await rename(`${path}.tmp`, path);
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function json(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
