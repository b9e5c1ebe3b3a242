import type { ExtraImages } from "../images/names.ts";
import { prepareCluster } from "../install/cluster.ts";
import { installMesh, sampleInstall } from "../install/mesh.ts";
import { installOperator } from "../install/operator.ts";
import { createProgress } from "../progress/progress.ts";
import { removeLeftovers } from "./left-by-suites.ts";

/**
 * Brings about what every suite starts from: cluster, images, operator, and a mesh that is ready. Quick when it is.
 *
 * @param nodes how many nodes the suite is about; left out, as many as there are
 * @param extras images that the suite needs beside those of the released versions
 */
export async function prepare(nodes?: number, extras?: readonly ExtraImages[]): Promise<void> {
  await prepareCluster(nodes, extras);
  const progress = createProgress(3);
  await progress.step("operator", installOperator);
  await progress.step("make room", removeLeftovers);
  await progress.step("mesh", (report) => installMesh(sampleInstall(), report));
}
