import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { kubectl } from "../install/kubectl.ts";
import { withRegistry } from "../install/registry.ts";
import type { StepReport } from "../progress/progress.ts";
import { namespaces } from "./calls.ts";

/** Which sample runs in which namespace. */
const parts = [
  { namespace: namespaces.shop, sample: "storefront", injection: "enabled" },
  { namespace: namespaces.echo, sample: "echo", injection: "enabled" },
  { namespace: namespaces.plain, sample: "echo", injection: "disabled" },
] as const;

/** Applies the samples to the demo's namespaces and waits until every pod runs what was applied. */
export async function applyWorkloads(report: StepReport): Promise<void> {
  for (const { namespace, sample, injection } of parts) {
    report.note(`${sample} in ${namespace}`);
    const labels = { "istio-injection": injection };
    await apply(JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }));
    const manifests = withRegistry(await kubectl(["kustomize", join(repositoryRoot, "samples", sample)]));
    await apply(manifests, "-n", namespace);
  }
  for (const { namespace } of parts) {
    report.note(`wait for ${namespace}`);
    await kubectl(["rollout", "status", "deployment", "-n", namespace, "--timeout=180s"]);
  }
}

async function apply(manifests: string, ...args: readonly string[]): Promise<void> {
  await kubectl(["apply", "--server-side", "--field-manager=meshwright-demo", ...args, "-f", "-"], manifests);
}
