import { readFileSync, writeFileSync } from "node:fs";

/** Memory of a process. Source: https://docs.kernel.org/filesystems/proc.html (smaps_rollup) */
export interface Memory {
  readonly pssBytes: number;
  readonly anonymousBytes: number;
}

/** Resident memory of a process. Source: https://docs.kernel.org/filesystems/proc.html (status) */
export interface Resident {
  readonly nowBytes: number;
  /** Since the process began, or since `resetPeak`. */
  readonly peakBytes: number;
}

/** The kernel counts in ticks of 10 ms (`getconf CLK_TCK` is 100 on every Linux that Envoy is built for). */
const tickMs = 10;

/** Reads the memory of a process. */
export function readMemory(pid: number): Memory {
  return parseMemory(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
}

/** Reads the resident memory of a process. */
export function readResident(pid: number): Resident {
  return parseResident(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Begins the peak of a process anew. Source: https://docs.kernel.org/filesystems/proc.html (clear_refs) */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** Reads the CPU time, in user and in kernel mode, of all threads of a process, in milliseconds. */
export function readCpuMs(pid: number): number {
  return parseCpuMs(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Parses `smaps_rollup`. Errors: throws when a line is missing, as before Linux 5.10. */
export function parseMemory(rollup: string): Memory {
  const bytes = (key: string): number => kilobytes(rollup, key, "smaps_rollup") * 1024;
  return { pssBytes: bytes("Pss"), anonymousBytes: bytes("Pss_Anon") };
}

/** Parses `status`. Errors: throws when a line is missing, as that of a process that has ended. */
export function parseResident(status: string): Resident {
  const bytes = (key: string): number => kilobytes(status, key, "status") * 1024;
  return { nowBytes: bytes("VmRSS"), peakBytes: bytes("VmHWM") };
}

function kilobytes(text: string, key: string, file: string): number {
  const [, amount] = new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(text) ?? [];
  if (amount === undefined) throw new Error(`cannot read the memory of a process: ${file} has no "${key}"`);
  return Number(amount);
}

/** Parses `stat`, of which the second field is the program's name in parentheses and may hold anything. */
export function parseCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Fields 14 and 15 of the line; the third is the first here.
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
