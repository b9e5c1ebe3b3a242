import { createInterface } from "node:readline";
import { monotonicMs } from "../clock.ts";
import type { Command, Report } from "./messages.ts";
import { Proxies } from "./proxies.ts";

// The clients of one control plane as a process of their own: their CPU time is not the control plane's. Commands come as
// lines on stdin, reports go as lines to stdout; it ends when stdin does.

const proxies = new Proxies(report, monotonicMs);
process.on("uncaughtException", (error) => {
  report({ kind: "failed", message: error.stack ?? error.message });
  process.exitCode = 1;
});
for await (const line of createInterface({ input: process.stdin })) {
  const command: Command = JSON.parse(line);
  proxies.obey(command);
}
process.exit();

function report(message: Report): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
