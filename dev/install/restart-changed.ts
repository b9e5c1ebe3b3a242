import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repositoryRoot } from "../cluster/paths.ts";
import { kubectl, tryKubectl } from "./kubectl.ts";

/** Workloads by the image that they run. Sidecars and samples are pods of whoever created them. */
const workloads = {
  "meshwright-operator": ["meshwright-operator", "deployment/meshwright-operator"],
  "meshwright-meshd": ["mesh-system", "deployment/meshd-default"],
  "meshwright-node-agent": ["mesh-system", "daemonset/meshwright-node-agent"],
} as const;

/** Remembers in the cluster which content of the images its workloads were last started with. */
const record = ["-n", "meshwright-operator", "configmap", "meshwright-dev-images"] as const;

const configMap = z.object({ data: z.record(z.string(), z.string()).default({}) });

/**
 * Restarts the workloads whose image was built anew under the same tag: on a development machine a version's content
 * changes with every edit, which no released version ever does.
 */
export async function restartChanged(): Promise<void> {
  const built = fingerprints();
  const [flag, namespace, kind, name] = record;
  const { code, stdout } = await tryKubectl([flag, namespace, "get", kind, name, "-o", "json"]);
  const known = code === 0 ? configMap.parse(JSON.parse(stdout)).data : {};
  for (const [image, [inNamespace, workload]] of Object.entries(workloads)) {
    if (known[image] === undefined || known[image] === built[image]) continue;
    // A workload that is not there yet starts with the new image anyway.
    await tryKubectl(["rollout", "restart", "-n", inNamespace, workload]);
  }
  const metadata = { name, namespace };
  const manifest = { apiVersion: "v1", kind: "ConfigMap", metadata, data: built };
  await kubectl(["apply", "--server-side", "--field-manager=meshwright-dev", "-f", "-"], JSON.stringify(manifest));
}

/** Content of our images by name, of all their versions together; empty where none were built. */
function fingerprints(): Readonly<Record<string, string>> {
  const dir = join(repositoryRoot, ".build", "images", "fingerprints");
  const files = existsSync(dir) ? readdirSync(dir).toSorted() : [];
  const found = new Map<string, string>();
  for (const file of files) {
    const image = Object.keys(workloads).find((name) => file.includes(`${name}:`));
    if (image === undefined) continue;
    found.set(image, `${found.get(image) ?? ""}${readFileSync(join(dir, file), "utf8")} `);
  }
  return Object.fromEntries(found);
}
