import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"];

// The module runs in the process that holds the pod's key.
test("two million hostile queries and tables make the module read or write nothing that is not its own", () => {
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  try {
    const program = join(folder, "hostile");
    const source = join(import.meta.dirname, "hostile.c");
    execFileSync("gcc", [...sanitizers, "-Wall", "-Wextra", "-Werror", "-o", program, source]);
    assert.ok(
      Number(execFileSync(program, { encoding: "utf8" })) > 10_000,
      "too few of them were answered to say much",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
