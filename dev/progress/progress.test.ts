import assert from "node:assert/strict";
import { test } from "node:test";
import { createProgress } from "./progress.ts";
import { renderLine } from "./render-line.ts";

interface Recorder {
  readonly isTTY: boolean;
  readonly written: string[];
  write(text: string): void;
}

function recorder(isTTY: boolean): Recorder {
  const written: string[] = [];
  return { isTTY, written, write: (text) => void written.push(text) };
}

/** A clock that the test moves by hand. */
function clock(): { now: () => number; add: (ms: number) => void } {
  let ms = 0;
  return {
    now: () => ms,
    add: (step) => {
      ms += step;
    },
  };
}

test("a step's line shows its place, percentage and elapsed time", () => {
  const line = { index: 2, total: 7, title: "build", fraction: 0.416, elapsedMs: 65_000, detail: "api" };
  assert.equal(renderLine(line), "[2/7] build 41% 1:05 api");
});

test("a terminal gets one line that redraws", async () => {
  const output = recorder(true);
  await createProgress(1, output, clock().now).step("fetch", async (report) => report.at(0.5));
  assert.deepEqual(output.written, [
    "\r\x1b[2K[1/1] fetch 0:00",
    "\r\x1b[2K[1/1] fetch 50% 0:00",
    "\r\x1b[2K[1/1] fetch 0:00 done\n",
  ]);
});

test("a log gets a line per quarter of a long step, not one per report", async () => {
  const output = recorder(false);
  const time = clock();
  await createProgress(1, output, time.now).step("build", async (report) => {
    time.add(2000);
    for (const percent of [1, 2, 30, 31, 60]) report.at(percent / 100);
  });
  assert.deepEqual(output.written, ["[1/1] build 30% 0:02\n", "[1/1] build 60% 0:02\n", "[1/1] build 0:02 done\n"]);
});

test("a failed step says so and lets the error through", async () => {
  const output = recorder(false);
  const failing = createProgress(1, output, clock().now).step("boot", () => Promise.reject(new Error("no")));
  await assert.rejects(failing, /no/);
  assert.deepEqual(output.written, ["[1/1] boot 0:00 failed\n"]);
});
