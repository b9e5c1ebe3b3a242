import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { DevError } from "../command/dev-error.ts";
import { main } from "../command/main.ts";
import { prepareCluster } from "../install/cluster.ts";
import { installMesh } from "../install/mesh.ts";
import { installOperator } from "../install/operator.ts";
import { createProgress, type StepReport } from "../progress/progress.ts";
import { calls, echo, namespaces } from "./calls.ts";
import { getFromPod, makeCall } from "./in-pod.ts";
import { type Row, rowOf } from "./row.ts";
import { storefrontRows } from "./storefront.ts";
import { renderTable } from "./table.ts";
import { applyWorkloads } from "./workloads.ts";

const meshInstall = join(repositoryRoot, "samples", "mesh-install.yaml");

/** From nothing to pods that talk mTLS: `make demo`. Ends with who talked to whom, as the servers saw it. */
await main(async () => {
  await prepareCluster();
  const progress = createProgress(4);
  await progress.step("operator", installOperator);
  await progress.step("MeshInstall", (report) => installMesh(meshInstall, report));
  await progress.step("storefront and echo", applyWorkloads);
  const rows = await progress.step("traffic", makeAll);
  console.log(`\n${renderTable(rows)}\n`);
  const wrong = rows.filter(({ isExpected }) => !isExpected).length;
  if (wrong > 0) throw new DevError("ComponentFailed", `${wrong} of ${rows.length} rows are not as they must be`);
  console.log(
    "The cluster stays up: export KUBECONFIG=.cluster/kubeconfig to look around, make cluster-down to end it.",
  );
});

async function makeAll(report: StepReport): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const call of calls) {
    report.at(rows.length / (calls.length + 1), `${call.protocol} from ${call.from.namespace}`);
    rows.push(rowOf(call, await makeCall(call)));
  }
  report.at(calls.length / (calls.length + 1), "storefront");
  const body = await getFromPod(echo, `http://web.${namespaces.shop}/api`);
  return [...storefrontRows(body, echo, namespaces.shop), ...rows];
}
