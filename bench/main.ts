import { parseArgs } from "node:util";
import { benchTranslate, type TranslateFigures } from "./translate.ts";

/** `make bench`: medians of several runs in this process. Prints a table; `--json` prints the figures instead. */
const { values } = parseArgs({
  options: {
    services: { type: "string", default: "500" },
    endpoints: { type: "string", default: "4" },
    namespaces: { type: "string", default: "10" },
    proxies: { type: "string", default: "300" },
    runs: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

const size = {
  services: count("services"),
  endpointsPerService: count("endpoints"),
  namespaces: count("namespaces"),
};
const proxies = count("proxies");
await benchTranslate(size, proxies); // the first run pays for compiling
const runs: TranslateFigures[] = [];
for (let run = 0; run < count("runs"); run++) runs.push(await benchTranslate(size, proxies));

const figures = {
  configureAllCpuMs: median(({ configureAllCpuMs }) => configureAllCpuMs),
  endpointChangeMs: median(({ endpointChangeMs }) => endpointChangeMs),
  resources: median(({ resources }) => resources),
  heldBytes: median(({ heldBytes }) => heldBytes),
  copiedBytes: median(({ copiedBytes }) => copiedBytes),
};

if (values.json) console.log(JSON.stringify({ size, proxies, runs: runs.length, figures }, null, 2));
else print();

function print(): void {
  console.log(
    `translate: ${size.services} services x ${size.endpointsPerService} endpoints in ${size.namespaces} namespaces, ${proxies} proxies; median of ${runs.length} runs`,
  );
  console.table({
    "CPU until every view is complete, ms": round(figures.configureAllCpuMs),
    "one endpoint change until the last view shows it, ms": round(figures.endpointChangeMs),
    "encoded resources": figures.resources,
    "bytes held": figures.heldBytes,
    "bytes held / bytes of a copy per proxy": round(figures.heldBytes / figures.copiedBytes),
  });
}

function median(pick: (figures: TranslateFigures) => number): number {
  return runs.map(pick).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function count(name: "services" | "endpoints" | "namespaces" | "proxies" | "runs"): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`cannot run the benchmark: --${name} is "${values[name]}", set it to a whole number above 0`);
  process.exit(2);
}
