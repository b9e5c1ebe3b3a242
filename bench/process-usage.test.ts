import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { parseCpuMs, parseMemory, parseResident, readCpuMs, readMemory } from "./process-usage.ts";

const rollup = `559936376000-7ffe4fe21000 ---p 00000000 00:00 0                          [rollup]
Rss:                1768 kB
Pss:                 209 kB
Pss_Dirty:           112 kB
Pss_Anon:            100 kB
Pss_File:             97 kB
`;

describe("the memory of a process", () => {
  test("is the rollup's own line, not one that begins alike", () => {
    assert.deepEqual(parseMemory(rollup), { pssBytes: 209 * 1024, anonymousBytes: 100 * 1024 });
  });
  test("is not guessed where the kernel does not say it", () => {
    assert.throws(() => parseMemory("Pss: 209 kB"), /has no "Pss_Anon"/);
  });
  test("is what this process has", () => {
    const { pssBytes, anonymousBytes } = readMemory(process.pid);
    assert.ok(pssBytes > anonymousBytes && anonymousBytes > 1024 * 1024);
  });
});

/** Takes 64 MiB, gives them back, and prints its peak before and after that was begun anew. */
const peaks = `
  import { readResident, resetPeak } from ${JSON.stringify(import.meta.resolve("./process-usage.ts"))};
  Buffer.alloc(64 * 1024 * 1024, 1);
  gc();
  await new Promise((resolve) => setImmediate(resolve));
  gc();
  const { peakBytes } = readResident(process.pid);
  resetPeak(process.pid);
  console.log(peakBytes + " " + readResident(process.pid).peakBytes);
`;

describe("the resident memory of a process", () => {
  test("is what it is now and what it was at most", () => {
    const status = "VmPeak:\t  900 kB\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\n";
    assert.deepEqual(parseResident(status), { nowBytes: 200 * 1024, peakBytes: 300 * 1024 });
  });
  test("has no peak of before it was begun anew", () => {
    const [before, after] = execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", peaks])
      .toString()
      .split(" ")
      .map(Number);
    assert.ok(Number(before) - Number(after) > 32 * 1024 * 1024, `${before} and then ${after}`);
  });
});

describe("the CPU time of a process", () => {
  test("is user and kernel time, whatever the program is called", () => {
    const stat = "42 (a (b) 1 2) S 1 2 3 4 5 6 7 8 9 10 70 30 11 12 20 0 3";
    assert.equal(parseCpuMs(stat), 1000);
  });
  test("is what this process used", () => {
    const { user, system } = process.cpuUsage();
    assert.ok(Math.abs(readCpuMs(process.pid) - (user + system) / 1000) <= 100);
  });
});
