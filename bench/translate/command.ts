import { parseArgs } from "node:util";
import { count } from "../count.ts";
import { median, round } from "../median.ts";
import type { MeshSize } from "./mesh.ts";
import { benchTranslate, type ChangeFigures, type TranslateFigures } from "./translate.ts";

/** What was measured: medians of several runs in this process. */
interface Result {
  readonly size: MeshSize;
  readonly proxies: number;
  readonly runs: number;
  readonly figures: TranslateFigures;
}

/** `make bench`: prints a table; `--json` prints the figures instead. */
export async function measureTranslation(args: readonly string[]): Promise<void> {
  const { size, proxies, runs, json } = readOptions(args);
  await benchTranslate(size, proxies); // the first run pays for compiling
  const measured: TranslateFigures[] = [];
  for (let run = 0; run < runs; run++) measured.push(await benchTranslate(size, proxies));
  const result: Result = { size, proxies, runs, figures: medians(measured) };
  if (json) console.log(JSON.stringify(result, null, 2));
  else print(result);
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: "string", default: "500" },
      endpoints: { type: "string", default: "4" },
      namespaces: { type: "string", default: "10" },
      proxies: { type: "string", default: "300" },
      runs: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  const size: MeshSize = {
    services: count("services", values.services),
    endpointsPerService: count("endpoints", values.endpoints),
    namespaces: count("namespaces", values.namespaces),
  };
  return { size, proxies: count("proxies", values.proxies), runs: count("runs", values.runs), json: values.json };
}

function medians(runs: readonly TranslateFigures[]): TranslateFigures {
  return {
    configureAllCpuMs: median(runs.map(({ configureAllCpuMs }) => configureAllCpuMs)),
    longestConnectMs: median(runs.map(({ longestConnectMs }) => longestConnectMs)),
    changes: mediansOfChanges(runs),
    resources: median(runs.map(({ resources }) => resources)),
    heldBytes: median(runs.map(({ heldBytes }) => heldBytes)),
    copiedBytes: median(runs.map(({ copiedBytes }) => copiedBytes)),
  };
}

function mediansOfChanges(runs: readonly TranslateFigures[]): TranslateFigures["changes"] {
  const names = Object.keys(runs[0]?.changes ?? {});
  const medianOf = (name: string, of: keyof ChangeFigures): number =>
    median(runs.flatMap(({ changes }) => changes[name]?.[of] ?? []));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        shownMs: medianOf(name, "shownMs"),
        longestTurnMs: medianOf(name, "longestTurnMs"),
        translated: medianOf(name, "translated"),
      },
    ]),
  );
}

function print({ size, proxies, runs, figures }: Result): void {
  console.log(
    `translate: ${size.services} services x ${size.endpointsPerService} endpoints in ${size.namespaces} namespaces, ${proxies} proxies; median of ${runs} runs`,
  );
  console.table({
    "CPU until every view is complete, ms": round(figures.configureAllCpuMs),
    "longest turn while they connect, ms": round(figures.longestConnectMs),
    "encoded resources": figures.resources,
    "bytes held": figures.heldBytes,
    "bytes held / bytes of a copy per proxy": round(figures.heldBytes / figures.copiedBytes),
  });
  const rows = Object.entries(figures.changes).map(([name, { shownMs, longestTurnMs, translated }]) => [
    name,
    {
      "until the last view shows it, ms": round(shownMs),
      "longest turn, ms": round(longestTurnMs),
      "resources translated": translated,
    },
  ]);
  console.table(Object.fromEntries(rows));
}
