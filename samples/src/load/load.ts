import type { Protocol } from "../client/client.ts";
import { openClient } from "../client/open-client.ts";
import { close, listen } from "../listen.ts";
import type { Load } from "./report-server.ts";
import { reportServer } from "./report-server.ts";
import { runLoad } from "./run-load.ts";
import { type Summary, Tally } from "./tally.ts";

export interface LoadSettings {
  readonly protocol: Protocol;
  readonly urls: readonly [URL, ...URL[]];
  readonly headers: Readonly<Record<string, string>>;
  /** Per URL. */
  readonly connections: number;
  /** Whether each request takes a connection of its own: over HTTP/1.1 and TCP. */
  readonly isFresh: boolean;
  readonly requestsPerSecond: number;
  readonly durationSeconds: number;
  readonly timeoutMs: number;
  /** Where live counts are served; undefined: nowhere. */
  readonly report: { readonly host: string; readonly port: number } | undefined;
}

export interface RunningLoad {
  /** Port of the report server; 0 without one. */
  readonly reportPort: number;
  readonly finished: Promise<Summary>;
}

/** Starts the load; it ends with its duration, the signal, or `POST /stop`. */
export async function startLoad(settings: LoadSettings, signal: AbortSignal): Promise<RunningLoad> {
  const tally = new Tally();
  const stop = new AbortController();
  const [first, ...others] = settings.urls.map((url) => openClient(settings.protocol, { ...settings, url }));
  if (first === undefined) throw new RangeError("a load needs at least one URL");
  const clients = [first, ...others] as const;
  const either = AbortSignal.any([signal, stop.signal]);
  const load: Load = {
    summary: () => tally.summary(),
    stop: async () => {
      stop.abort();
      return await sent;
    },
  };
  const server = settings.report && reportServer(load);
  const reportPort = server && settings.report ? await listen(server, settings.report) : 0;
  const sent = runLoad({ ...settings, clients, signal: either }, tally).then(() => tally.summary());
  const finished = sent.then(async (summary) => {
    for (const client of clients) client.close();
    if (server) await close(server);
    return summary;
  });
  return { reportPort, finished };
}
