import { isKubeError } from "@meshwright/kube/kube-error";
import { stringify } from "yaml";
import type { Cluster } from "./cluster.ts";
import { describeManifest, isRecord, type Manifest } from "./manifest.ts";
import { type Difference, firstDifference } from "./subset.ts";

/** Says why a manifest does not describe any object; undefined when it describes one. */
export async function whyNotPresent(
  cluster: Cluster,
  manifest: Manifest,
  namespace: string,
): Promise<string | undefined> {
  const candidates = await cluster.candidates(manifest, namespace).catch(reasonOf);
  if (typeof candidates === "string") return `${describeManifest(manifest)}: ${candidates}`;
  const failures = candidates.map((actual) => ({ actual, difference: firstDifference(manifest, actual) }));
  if (failures.some(({ difference }) => difference === undefined)) return undefined;
  if (failures.length === 0) return `${describeManifest(manifest)}: there is none`;
  return failures
    .flatMap(({ actual, difference }) => (difference === undefined ? [] : describe(manifest, actual, difference)))
    .join("\n");
}

/** Says which object a manifest describes although none should be; undefined when there is none. */
export async function whyNotAbsent(
  cluster: Cluster,
  manifest: Manifest,
  namespace: string,
): Promise<string | undefined> {
  const candidates = await cluster.candidates(manifest, namespace).catch(reasonOf);
  if (typeof candidates === "string") return `${describeManifest(manifest)}: ${candidates}`;
  const found = candidates.filter((actual) => firstDifference(manifest, actual) === undefined);
  if (found.length === 0) return undefined;
  const names = found.map(({ metadata }) => `"${metadata.name}"`).toSorted();
  return `${describeManifest(manifest)} must not exist: found ${names.join(", ")}`;
}

/** An API server that is away makes a check fail, not the runner: the next poll may reach it. */
function reasonOf(error: unknown): string {
  if (isKubeError(error)) return error.message;
  throw error;
}

function describe(manifest: Manifest, actual: unknown, { path, expected, actual: value }: Difference): string {
  const head = `${describeManifest(manifest)}: ${path} is ${value}, expected ${expected}`;
  const [top = ""] = path.split(/[.[]/);
  const part = isRecord(actual) && top !== "" ? actual[top] : undefined;
  return part === undefined ? head : `${head}\n${indent(stringify({ [top]: part }))}`;
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, "    ");
}
