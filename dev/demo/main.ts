import { DevError } from "../command/dev-error.ts";
import { main } from "../command/main.ts";
import { prepareCluster } from "../install/cluster.ts";
import { installMesh, sampleInstall } from "../install/mesh.ts";
import { installOperator } from "../install/operator.ts";
import { createProgress, type StepReport } from "../progress/progress.ts";
import { calls, echo, namespaces } from "./calls.ts";
import { getFromPod, makeCall } from "./in-pod.ts";
import { type Row, rowOf } from "./row.ts";
import { withPeerLog } from "./sidecar-log.ts";
import { storefrontRows, storefrontServers, unseenRow } from "./storefront.ts";
import { renderTable } from "./table.ts";
import { applyWorkloads } from "./workloads.ts";

/** With three versions balanced, one of them stays unseen in fifty visits about once in 10^8 runs. */
const maxVisits = 50;

/** From nothing to pods that talk mTLS: `make demo`. Ends with who talked to whom, as the servers saw it. */
await main(async () => {
  await prepareCluster();
  const progress = createProgress(4);
  await progress.step("operator", installOperator);
  await progress.step("MeshInstall", (report) => installMesh(withPeerLog(sampleInstall()), report));
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
  return [...(await visitStorefront()), ...rows];
}

/** Visits the storefront until every version of catalog has answered, so that each run shows the same rows. */
async function visitStorefront(): Promise<readonly Row[]> {
  const seen = new Map<string, Row>();
  for (let visit = 0; visit < maxVisits && !storefrontServers.every((server) => seen.has(server)); visit += 1) {
    const answer = await getFromPod(echo, `http://web.${namespaces.shop}/api`);
    for (const row of storefrontRows(answer, echo, namespaces.shop)) {
      // What went wrong once stays in the table.
      if (seen.get(row.server)?.isExpected !== false) seen.set(row.server, row);
    }
  }
  const missing = storefrontServers.filter((server) => !seen.has(server));
  return [...seen.values(), ...missing.map(unseenRow)].toSorted((a, b) => a.server.localeCompare(b.server));
}
