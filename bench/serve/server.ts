import { monitorEventLoopDelay } from "node:perf_hooks";
import { adsService } from "@meshwright/control-plane/serve/ads-service";
import { Connections } from "@meshwright/control-plane/serve/connections";
import { serveRpc } from "@meshwright/control-plane/serve/rpc-server";
import { type ServingCertificate, ServingCredentials } from "@meshwright/control-plane/serve/serving-credentials";
import { OneView } from "@meshwright/control-plane/serve/testdata/one-view";
import { loadView, serviceNames, withChangedEndpoint } from "./load-view.ts";
import { Turns, type TurnTimes } from "./turns.ts";

/** What the process that is measured is told, and what it answers. */
export type Command =
  | { readonly kind: "start"; readonly certificate: ServingCertificate; readonly services: number }
  | { readonly kind: "change" }
  | { readonly kind: "measure" };

export interface Measured {
  readonly cpuSeconds: number;
  /** Since the last time it was measured, in bytes. */
  readonly peakRssBytes: number;
  readonly rssBytes: number;
  /** Longest that a timer was late since the last time, in milliseconds, and the 99th percentile. */
  readonly lagMaxMs: number;
  readonly lagP99Ms: number;
  readonly turns: TurnTimes;
}

const lag = monitorEventLoopDelay({ resolution: 1 });
const turns = new Turns();
let peak = 0;
let source = new OneView(new Map());
let changes = 0;

process.on("message", (command: Command) => void answer(command));

async function answer(command: Command): Promise<void> {
  switch (command.kind) {
    case "start":
      return start(command);
    case "change": {
      const names = serviceNames(changes + 1);
      source.show(withChangedEndpoint(source.view, names[changes++] ?? ""));
      process.send?.({});
      return;
    }
    case "measure":
      return measure();
  }
}

async function start({ certificate, services }: Extract<Command, { kind: "start" }>): Promise<void> {
  source = new OneView(loadView(services));
  const connections = new Connections();
  const ads = adsService(source);
  const { port } = await serveRpc("127.0.0.1:0", new ServingCredentials(certificate), [ads], connections);
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20).unref();
  lag.enable();
  turns.start();
  process.send?.({ port });
}

function measure(): void {
  const { user, system } = process.cpuUsage();
  const measured: Measured = {
    cpuSeconds: (user + system) / 1e6,
    peakRssBytes: peak,
    rssBytes: process.memoryUsage.rss(),
    // The monitor counts its own interval of 1 ms.
    lagMaxMs: lag.max / 1e6 - 1,
    lagP99Ms: lag.percentile(99) / 1e6 - 1,
    turns: turns.take(),
  };
  peak = 0;
  lag.reset();
  process.send?.(measured);
}
