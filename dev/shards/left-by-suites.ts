import { parse } from "yaml";
import { z } from "zod";
import { namespaces } from "../demo/calls.ts";
import { kubectl, tryKubectl } from "../install/kubectl.ts";
import { sampleInstall } from "../install/mesh.ts";

const install = z.object({
  spec: z.object({ version: z.string(), updateStrategy: z.object({ type: z.string() }) }),
  status: z
    .object({ version: z.string().optional(), revisions: z.object({ total: z.number() }).optional() })
    .default({}),
});

/** What the operator was told about single objects, by a suite that did not come to its end. */
const told = ["meshwright.dev/ignore-", "meshwright.dev/keep-"] as const;

/**
 * Takes away what the demo, or a suite that failed half-way, has left: workloads, objects that the operator was told to leave alone,
 * and a mesh of other versions or revisions, from which there may be no way back to the one that suites start from.
 */
export async function removeLeftovers(): Promise<void> {
  await kubectl(["delete", "namespace", ...Object.values(namespaces), "--ignore-not-found", "--timeout=120s"]);
  for (const kinds of [["deployments,daemonsets,services", "-n", "mesh-system"], ["clusterroles,meshrevisions"]])
    await tryKubectl(["annotate", ...kinds, "-l", "meshwright.dev/install", ...told]);
  const { code, stdout } = await tryKubectl(["get", "meshinstall", "default", "-o", "json"]);
  if (code !== 0 || isAsWanted(install.parse(JSON.parse(stdout)))) return;
  await tryKubectl(["delete", "meshrevisiontags", "--all"]);
  await kubectl(["patch", "meshinstall", "default", "--type=merge", "-p", '{"spec":{"uninstall":{"force":true}}}']);
  await kubectl(["delete", "meshinstall", "default", "--timeout=120s"]);
}

/** Whether it is at the version of the sample, in place, and nothing else is left of it. */
function isAsWanted({ spec, status }: z.infer<typeof install>): boolean {
  const { version } = z.object({ spec: z.object({ version: z.string() }) }).parse(parse(sampleInstall())).spec;
  const isOfVersion = spec.version === version && (status.version ?? version) === version;
  return isOfVersion && spec.updateStrategy.type === "InPlace" && (status.revisions?.total ?? 1) === 1;
}
