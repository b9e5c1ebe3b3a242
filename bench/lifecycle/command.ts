import { parseArgs } from "node:util";
import { count } from "../count.ts";
import { median, round } from "../median.ts";
import { fillTo } from "./fill.ts";
import { measureReconciles, type ReconcileFigures } from "./measure.ts";
import { startLifecycleSite } from "./site.ts";

/** A cluster of so many namespaces that ask for a revision, with so many pods in them. */
interface Size {
  readonly namespaces: number;
  readonly pods: number;
}

interface Row extends Size {
  readonly figures: ReconcileFigures;
}

/**
 * `make bench B=lifecycle`: what a reconcile of a mesh with five revisions costs the operator, as a process of its own before a real
 * API server, in growing clusters; `--json` prints the figures instead of a table.
 */
export async function measureLifecycle(args: readonly string[]): Promise<void> {
  const { sizes, runs, reconciles, json } = readOptions(args);
  await using site = await startLifecycleSite();
  const rows: Row[] = [];
  for (const size of sizes) {
    console.error(`lifecycle: ${size.namespaces} namespaces, ${size.pods} pods`);
    await fillTo(site, size);
    await measureReconciles(site, reconciles); // the first run pays for compiling and for the pods that have just come
    const measured: ReconcileFigures[] = [];
    for (let run = 0; run < runs; run++) measured.push(await measureReconciles(site, reconciles));
    rows.push({ ...size, figures: medians(measured) });
  }
  if (json) console.log(JSON.stringify({ revisions: site.revisions.length, runs, reconciles, rows }, null, 2));
  else print(rows, site.revisions.length, runs);
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "50x500,100x1000,200x2000,400x4000" },
      runs: { type: "string", default: "5" },
      reconciles: { type: "string", default: "20" },
      json: { type: "boolean", default: false },
    },
  });
  const sizes = values.sizes.split(",").map(sizeOf);
  return {
    sizes,
    runs: count("runs", values.runs),
    reconciles: count("reconciles", values.reconciles),
    json: values.json,
  };
}

function sizeOf(text: string): Size {
  const [namespaces = "", pods = ""] = text.split("x");
  return { namespaces: count("sizes", namespaces), pods: count("sizes", pods) };
}

function medians(runs: readonly ReconcileFigures[]): ReconcileFigures {
  const of = (figure: keyof ReconcileFigures): number => median(runs.map((run) => run[figure]));
  return {
    cpuMs: of("cpuMs"),
    elapsedMs: of("elapsedMs"),
    lists: of("lists"),
    writes: of("writes"),
    residentMb: of("residentMb"),
  };
}

function print(rows: readonly Row[], revisions: number, runs: number): void {
  console.log(`lifecycle: one reconcile of a mesh with ${revisions} revisions, all used; median of ${runs} runs`);
  console.table(
    rows.map(({ namespaces, pods, figures }) => ({
      namespaces,
      pods,
      "CPU of the operator, ms": round(figures.cpuMs),
      "reconcile, ms": round(figures.elapsedMs),
      lists: figures.lists,
      writes: figures.writes,
      "memory, MB": round(figures.residentMb),
    })),
  );
}
