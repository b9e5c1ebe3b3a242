import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { istiodPath } from "@meshwright/dev/binaries/istiod.ts";
import type { PushResult } from "./report.ts";

const program = join(import.meta.dirname, "..", "main.ts");

/** Runs the benchmark at its smallest; returns the table that it prints and the figures that it writes. */
function quick(...args: readonly string[]): { readonly table: string; readonly result: PushResult } {
  const folder = mkdtempSync(join(tmpdir(), "push-test-"));
  try {
    const out = join(folder, "push.json");
    const line = [program, "push", "--quick", "--curve-services", "", "--out", out, ...args];
    const table = execFileSync(process.execPath, line, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    return { table, result: JSON.parse(readFileSync(out, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Fails where a figure is none: a proxy that never saw a change makes it endless, which JSON does not know. */
function assertWhole({ cells }: PushResult): void {
  for (const { contender, configuring, changes, churn } of cells) {
    const figures = [...configuring, changes?.endpoint, changes?.serviceAdded, changes?.rollout, churn];
    const values = figures.flatMap((each) => Object.entries(each ?? {}));
    for (const [name, value] of values) assert.equal(typeof value, "number", `${contender}: ${name} is ${value}`);
  }
}

describe("the benchmark of the control planes", () => {
  test("measures ours at every number of proxies, also beyond those that are compared", () => {
    const { table, result } = quick("--contenders", "meshwright", "--churn-seconds", "2");
    assertWhole(result);
    assert.deepEqual(
      result.cells.map(({ proxies, stages }) => [proxies, ...stages]),
      [[4], [8, "changes", "churn"], [12, "changes"]],
    );
    for (const { configuring } of result.cells)
      for (const { cpuMs, peakBytes, bytesPerProxy } of configuring)
        assert.ok(cpuMs > 0 && peakBytes > 3e7 && bytesPerProxy > 1e4);
    assert.match(table, /^\| 60, 12 \|/m);
  });

  const isBuilt = existsSync(istiodPath());
  const skip = isBuilt ? false : 'istiod is not built: "make bench B=push" builds it';
  test("measures a real istiod beside ours, both over mutual TLS", { skip }, () => {
    const { table, result } = quick(
      "--contenders",
      "meshwright,istio",
      "--proxies",
      "4",
      "--curve-proxies",
      "",
      "--churn-seconds",
      "2",
    );
    assertWhole(result);
    assert.deepEqual(
      result.cells.map(({ contender }) => contender),
      ["meshwright", "istio"],
    );
    assert.match(table, /^\| 60 Services \| Meshwright \| istiod \| \/ istiod \| target \|/m);
    assert.match(table, /^\| CPU to configure 4 proxies, s \| .* \| <= 1\/5 \| (?:not )?met \|$/m);
  });
});
