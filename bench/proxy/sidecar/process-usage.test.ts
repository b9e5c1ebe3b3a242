import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCpuMs, parseMemory, readCpuMs, readMemory } from "./process-usage.ts";

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
