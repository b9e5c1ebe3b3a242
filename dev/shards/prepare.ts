import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { prepareCluster } from "../install/cluster.ts";
import { installMesh } from "../install/mesh.ts";
import { installOperator } from "../install/operator.ts";
import { createProgress } from "../progress/progress.ts";

const meshInstall = join(repositoryRoot, "samples", "mesh-install.yaml");

/** Brings about what every suite starts from: cluster, images, operator, and a mesh that is ready. Quick when it is. */
export async function prepare(): Promise<void> {
  await prepareCluster();
  const progress = createProgress(2);
  await progress.step("operator", installOperator);
  await progress.step("mesh", (report) => installMesh(meshInstall, report));
}
