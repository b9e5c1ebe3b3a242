import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import type { StepReport } from "../progress/progress.ts";
import { kubectl } from "./kubectl.ts";
import { withRegistry } from "./registry.ts";
import { restartChanged } from "./restart-changed.ts";

const overlay = join(repositoryRoot, "deploy", "kustomize", "dev");

/** Installs the operator and its CRD, or brings them up to date, and waits until all its replicas run. */
export async function installOperator(report: StepReport): Promise<void> {
  const manifests = withRegistry(await kubectl(["kustomize", overlay]));
  report.note("apply");
  await kubectl(
    ["apply", "--server-side", "--force-conflicts", "--field-manager=meshwright-dev", "-f", "-"],
    manifests,
  );
  await kubectl([
    "wait",
    "crd/meshinstalls.meshwright.dev",
    "crd/meshrevisions.meshwright.dev",
    "crd/meshrevisiontags.meshwright.dev",
    "--for=condition=Established",
    "--timeout=60s",
  ]);
  await restartChanged();
  report.note("wait for its replicas");
  const rollout = ["rollout", "status", "-n", "meshwright-operator", "deployment/meshwright-operator"];
  await kubectl([...rollout, "--timeout=180s"]);
}
