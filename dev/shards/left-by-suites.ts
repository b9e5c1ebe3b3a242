import { z } from "zod";
import { namespaces } from "../demo/calls.ts";
import { kubectl, tryKubectl } from "../install/kubectl.ts";

const install = z.object({
  spec: z.object({ version: z.string(), updateStrategy: z.object({ type: z.string() }) }),
  status: z
    .object({ version: z.string().optional(), revisions: z.object({ total: z.number() }).optional() })
    .default({}),
});

/** Version and strategy of the mesh that every suite starts from, as in samples/mesh-install.yaml. */
const sample = { version: "v1.1.0", strategy: "InPlace" } as const;

/**
 * Takes away what the demo, or a suite that failed half-way, has left: workloads, objects that the operator was told to leave alone,
 * and a mesh of other versions or revisions, from which there may be no way back to the one that suites start from.
 */
export async function removeLeftovers(): Promise<void> {
  await kubectl(["delete", "namespace", ...Object.values(namespaces), "--ignore-not-found", "--timeout=120s"]);
  for (const kinds of ["deployments,daemonsets,services -n mesh-system", "clusterroles", "meshrevisions"])
    await tryKubectl([
      "annotate",
      ...kinds.split(" "),
      "-l",
      "meshwright.dev/install",
      "meshwright.dev/ignore-",
      "meshwright.dev/keep-",
    ]);
  const { code, stdout } = await tryKubectl(["get", "meshinstall", "default", "-o", "json"]);
  if (code !== 0 || isAsWanted(install.parse(JSON.parse(stdout)))) return;
  await tryKubectl(["delete", "meshrevisiontags", "--all"]);
  await kubectl(["patch", "meshinstall", "default", "--type=merge", "-p", '{"spec":{"uninstall":{"force":true}}}']);
  await kubectl(["delete", "meshinstall", "default", "--timeout=120s"]);
}

function isAsWanted({ spec, status }: z.infer<typeof install>): boolean {
  const isOfVersion = spec.version === sample.version && (status.version ?? sample.version) === sample.version;
  return isOfVersion && spec.updateStrategy.type === sample.strategy && (status.revisions?.total ?? 1) === 1;
}
