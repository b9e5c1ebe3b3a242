import { parseArgs } from "node:util";
import { protocols } from "../client/client.ts";
import { headerMap, oneOf, portNumber, urlList, wholeNumber } from "../flags.ts";
import { anyAddress } from "../listen.ts";
import { terminationSignal } from "../termination.ts";
import { type LoadSettings, startLoad } from "./load.ts";

/**
 * `load --url URL... [--protocol http|h2|grpc|tcp|ws] [--rate rps] [--duration seconds] [--connections n] [--fresh] [--header "n: v"]...
 * [--timeout-ms n] [--max-failed n] [--report-port n]`. Without a duration it ends at SIGTERM or `POST /stop`.
 * `--fresh`: each request over HTTP/1.1 or TCP takes a connection of its own. Prints one JSON summary; the exit code is 1 when more than `--max-failed` requests failed.
 */
export async function loadCommand(args: readonly string[]): Promise<number> {
  const { settings, maxFailed } = readFlags(args);
  const { finished } = await startLoad(settings, terminationSignal());
  const summary = await finished;
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return summary.failed > maxFailed ? 1 : 0;
}

function readFlags(args: readonly string[]): { readonly settings: LoadSettings; readonly maxFailed: number } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: "string", multiple: true, default: [] },
      protocol: { type: "string", default: "http" },
      rate: { type: "string", default: "100" },
      duration: { type: "string" },
      connections: { type: "string", default: "8" },
      fresh: { type: "boolean", default: false },
      header: { type: "string", multiple: true, default: [] },
      "timeout-ms": { type: "string", default: "10000" },
      "max-failed": { type: "string", default: "0" },
      "report-port": { type: "string" },
    },
  });
  const { duration, "report-port": reportPort } = values;
  const settings: LoadSettings = {
    urls: urlList("--url", values.url),
    protocol: oneOf("--protocol", values.protocol, protocols),
    requestsPerSecond: wholeNumber("rate", values.rate, 1, 100_000),
    durationSeconds: duration === undefined ? Number.POSITIVE_INFINITY : wholeNumber("duration", duration, 1, 604_800),
    connections: wholeNumber("connections", values.connections, 1, 10_000),
    isFresh: values.fresh,
    headers: headerMap(values.header),
    timeoutMs: wholeNumber("timeout-ms", values["timeout-ms"], 1, 600_000),
    report: reportPort === undefined ? undefined : { host: anyAddress(), port: portNumber("report-port", reportPort) },
  };
  return { settings, maxFailed: wholeNumber("max-failed", values["max-failed"], 0, 1_000_000_000) };
}
