import { parseArgs } from "node:util";
import { connectProxy } from "@meshwright/control-plane/fleet/testdata/connected";
import { startTestServer } from "@meshwright/control-plane/fleet/testdata/test-server";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { count } from "../count.ts";
import { median, round } from "../median.ts";
import { type FleetFigures, readFleet } from "./read-fleet.ts";

/** `make bench B=fleet`: what one read of the fleet view costs; `--json` prints the figures instead of a table. */
export async function measureFleet(args: readonly string[]): Promise<void> {
  const { proxies, runs, json } = readOptions(args);
  await using server = await startTestServer();
  for (let index = 0; index < proxies; index++) server.table.add(connectSettled(`web-${index}`));
  await readFleet(server); // the first run pays for compiling
  const measured: FleetFigures[] = [];
  for (let run = 0; run < runs; run++) measured.push(await readFleet(server));
  const figures = medians(measured);
  if (json) console.log(JSON.stringify({ proxies, runs, figures }, null, 2));
  else print(proxies, runs, figures);
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      proxies: { type: "string", default: "10000" },
      runs: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  return { proxies: count("proxies", values.proxies), runs: count("runs", values.runs), json: values.json };
}

/** A proxy as most are: subscribed to everything, and done with it. */
function connectSettled(pod: string) {
  const { connected, ask } = connectProxy(pod, "shop");
  for (const [index, type] of Object.values(typeUrls).entries()) {
    ask({ type, subscribe: ["*"] });
    ask({ type, nonce: `${index + 1}` });
  }
  return connected;
}

function medians(runs: readonly FleetFigures[]): FleetFigures {
  const of = (figure: keyof FleetFigures): number => median(runs.map((run) => run[figure]));
  return {
    elapsedMs: of("elapsedMs"),
    cpuMs: of("cpuMs"),
    readingCpuMs: of("readingCpuMs"),
    bytes: of("bytes"),
    longestTurnMs: of("longestTurnMs"),
  };
}

function print(proxies: number, runs: number, figures: FleetFigures): void {
  console.log(`fleet: one read of ${proxies} proxies over TLS, both sides in one process; median of ${runs} runs`);
  console.table({
    "elapsed, ms": round(figures.elapsedMs),
    "CPU of both sides, ms": round(figures.cpuMs),
    "of it the reader's parsing, ms": round(figures.readingCpuMs),
    "bytes for each proxy": round(figures.bytes / proxies),
    "longest turn of the event loop, ms": round(figures.longestTurnMs),
  });
}
