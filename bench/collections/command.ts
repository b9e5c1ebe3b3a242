import { parseArgs } from "node:util";
import { count } from "../count.ts";
import { median, round } from "../median.ts";
import { type Figures, measure } from "./measure.ts";
import { subjects } from "./subjects.ts";

/** `make bench B=collections`: what each kind of collection costs beside the same by hand; `--json` prints the figures. */
export function measureCollections(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      objects: { type: "string", default: "10000" },
      runs: { type: "string", default: "9" },
      json: { type: "boolean", default: false },
    },
  });
  const [objects, runs] = [count("objects", values.objects), count("runs", values.runs)];
  const figures = Object.fromEntries(
    Object.entries(subjects).map(([name, make]) => {
      measure(make, objects); // the first run pays for compiling
      return [name, medians(Array.from({ length: runs }, () => measure(make, objects)))];
    }),
  );
  if (values.json) console.log(JSON.stringify({ objects, runs, figures }, null, 2));
  else print(objects, runs, figures);
  return Promise.resolve();
}

function medians(runs: readonly Figures[]): Figures {
  return {
    filledNs: median(runs.map(({ filledNs }) => filledNs)),
    changedNs: median(runs.map(({ changedNs }) => changedNs)),
    heldBytes: median(runs.map(({ heldBytes }) => heldBytes)),
  };
}

function print(objects: number, runs: number, figures: Readonly<Record<string, Figures>>): void {
  console.log(`collections: ${objects} objects; median of ${runs} runs`);
  const rows = Object.entries(figures).map(([name, { filledNs, changedNs, heldBytes }]) => [
    name,
    {
      "ns per object of one batch": round(filledNs),
      "ns per object changed alone": round(changedNs),
      "bytes held per object": round(heldBytes),
    },
  ]);
  console.table(Object.fromEntries(rows));
}
