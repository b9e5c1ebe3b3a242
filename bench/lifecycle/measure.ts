import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { namespaces } from "@meshwright/kube/resource-types";
import { readCpuMs, readResident } from "../process-usage.ts";
import type { LifecycleSite } from "./site.ts";

/** What reconciles cost; times are for one of them. */
export interface ReconcileFigures {
  /** All CPU of the operator's process meanwhile, its watches and probes included. */
  readonly cpuMs: number;
  /** As the operator measures it itself. */
  readonly elapsedMs: number;
  /** Lists over all namespaces that the operator asked the API server for, in all reconciles. */
  readonly lists: number;
  /** Changes that it made, in all reconciles. */
  readonly writes: number;
  readonly residentMb: number;
}

/** Has the operator reconcile so often, by a label of a namespace each time, and says what that cost. */
export async function measureReconciles(site: LifecycleSite, reconciles: number): Promise<ReconcileFigures> {
  const [before, cpuBefore, auditBefore] = [await readTotals(site), readCpuMs(site.operatorPid), auditOf(site).length];
  for (let number = 1; number <= reconciles; number++) {
    const { done } = await readTotals(site);
    await site.client.patch(
      namespaces,
      { name: "shop-0" },
      { metadata: { labels: { round: `${Date.now()}-${number}` } } },
    );
    while ((await readTotals(site)).done === done) await sleep(5);
  }
  const [after, cpuAfter] = [await readTotals(site), readCpuMs(site.operatorPid)];
  const asked = auditOf(site).slice(auditBefore);
  const done = after.done - before.done;
  return {
    cpuMs: (cpuAfter - cpuBefore) / done,
    elapsedMs: ((after.seconds - before.seconds) * 1_000) / done,
    lists: asked.filter(({ verb, objectRef }) => verb === "list" && objectRef.namespace === undefined).length,
    writes: asked.filter(({ verb }) => ["create", "update", "patch", "delete"].includes(verb)).length,
    residentMb: readResident(site.operatorPid).nowBytes / 1e6,
  };
}

async function readTotals({
  monitoringPort,
}: LifecycleSite): Promise<{ readonly done: number; readonly seconds: number }> {
  const text = await (await fetch(`http://127.0.0.1:${monitoringPort}/metrics`)).text();
  const valueOf = (metric: string): number =>
    Number(new RegExp(`^${metric} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  const name = "meshwright_operator_reconcile_duration_seconds";
  return { done: valueOf(`${name}_count`), seconds: valueOf(`${name}_sum`) };
}

interface Audited {
  readonly verb: string;
  readonly objectRef: { readonly namespace?: string };
}

function auditOf({ auditLog }: LifecycleSite): readonly Audited[] {
  return readFileSync(auditLog, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
