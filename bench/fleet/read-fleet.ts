import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseFleetLine } from "@meshwright/contract/fleet-lines";
import type { TestServer } from "@meshwright/control-plane/fleet/testdata/test-server";

/** What one read took. */
export interface FleetFigures {
  readonly elapsedMs: number;
  readonly cpuMs: number;
  /** CPU for parsing alone, which the operator pays. */
  readonly readingCpuMs: number;
  readonly bytes: number;
  readonly longestTurnMs: number;
}

const nanosecondsPerMs = 1e6;

/** Reads the whole view once, then parses it. Errors: throws when a line cannot be read. */
export async function readFleet(server: TestServer): Promise<FleetFigures> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const [began, cpuBegan] = [performance.now(), process.cpuUsage()];
  delay.enable();
  const { body } = await server.as("operator", "/fleet");
  delay.disable();
  const elapsedMs = performance.now() - began;
  const sendingMs = sum(process.cpuUsage(cpuBegan));
  const readingBegan = process.cpuUsage();
  for (const line of body.trimEnd().split("\n"))
    if (parseFleetLine(line).kind === "invalid") throw new Error(`cannot read the fleet view: ${line.slice(0, 200)}`);
  const readingCpuMs = sum(process.cpuUsage(readingBegan));
  return {
    elapsedMs,
    cpuMs: sendingMs + readingCpuMs,
    readingCpuMs,
    bytes: Buffer.byteLength(body),
    longestTurnMs: delay.max / nanosecondsPerMs,
  };
}

function sum({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}
