import { parseArgs } from "node:util";
import { istiodBinary } from "@meshwright/dev/binaries/istiod.ts";
import { count } from "../count.ts";
import type { MeshSize } from "../translate/mesh.ts";
import { report, summarize } from "./report.ts";
import { type Measured, runSize } from "./run.ts";

/** `make bench B=proxy`: what a sidecar costs, ours and one with istiod's configuration, for the same mesh. */
export async function measureProxy(args: readonly string[]): Promise<void> {
  const { sizes, runs, idleMs, json } = readOptions(args);
  const note = (what: string): void => console.error(`proxy: ${what}`);
  const step = { at: (_: number, detail = ""): void => note(`istiod: ${detail}`), note };
  const istiod = await istiodBinary(step);
  const measured: Measured[] = [];
  for (const size of sizes) measured.push(await runSize(size, { istiod, runs, idleMs, note }));
  const summaries = measured.map(summarize);
  if (json) console.log(JSON.stringify({ runs, idleMs, sizes: summaries }, null, 2));
  else for (const summary of summaries) console.log(report(summary));
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: "string", default: "500,1000" },
      endpoints: { type: "string", default: "4" },
      namespaces: { type: "string", default: "10" },
      runs: { type: "string", default: "5" },
      "idle-seconds": { type: "string", default: "30" },
      json: { type: "boolean", default: false },
    },
  });
  const sizes = values.services.split(",").map(
    (services): MeshSize => ({
      services: count("services", services),
      endpointsPerService: count("endpoints", values.endpoints),
      namespaces: count("namespaces", values.namespaces),
    }),
  );
  const idleMs = count("idle-seconds", values["idle-seconds"]) * 1000;
  return { sizes, runs: count("runs", values.runs), idleMs, json: values.json };
}
