import { readFileSync } from "node:fs";

/** Memory of a process. Source: https://docs.kernel.org/filesystems/proc.html (smaps_rollup) */
export interface Memory {
  readonly pssBytes: number;
  readonly anonymousBytes: number;
}

/** The kernel counts in ticks of 10 ms (`getconf CLK_TCK` is 100 on every Linux that Envoy is built for). */
const tickMs = 10;

/** Reads the memory of a process. */
export function readMemory(pid: number): Memory {
  return parseMemory(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
}

/** Reads the CPU time, in user and in kernel mode, of all threads of a process, in milliseconds. */
export function readCpuMs(pid: number): number {
  return parseCpuMs(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Parses `smaps_rollup`. Errors: throws when a line is missing, as before Linux 5.10. */
export function parseMemory(rollup: string): Memory {
  return { pssBytes: kilobytes(rollup, "Pss") * 1024, anonymousBytes: kilobytes(rollup, "Pss_Anon") * 1024 };
}

function kilobytes(rollup: string, key: string): number {
  const [, amount] = new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(rollup) ?? [];
  if (amount === undefined) throw new Error(`cannot read the memory of a process: smaps_rollup has no "${key}"`);
  return Number(amount);
}

/** Parses `stat`, of which the second field is the program's name in parentheses and may hold anything. */
export function parseCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Fields 14 and 15 of the line; the third is the first here.
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
