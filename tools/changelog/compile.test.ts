import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { compileRelease, fragmentProblem } from "./compile.ts";

test("a release lists its sections in order, each fragment as one entry", () => {
  const fragments = [
    { file: "fixed-b.md", text: "B is mended.\n" },
    { file: "added-a.md", text: "A is new.\nIt has two lines.\n" },
  ];
  assert.equal(
    compileRelease("v1.1.0", "2026-11-23", fragments),
    "## v1.1.0 (2026-11-23)\n\n### Added\n\n- A is new.\n  It has two lines.\n\n### Fixed\n\n- B is mended.\n",
  );
});

test("a fragment without a section or without text is refused", () => {
  assert.match(fragmentProblem({ file: "a.md", text: "x" }) ?? "", /must start with one of/);
  assert.match(fragmentProblem({ file: "added-a.md", text: " \n" }) ?? "", /is empty/);
});

test("the unreleased fragments are all well formed", () => {
  const folder = new URL("../../changes/unreleased/", import.meta.url);
  const fragments = readdirSync(folder).map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));
  assert.deepEqual(
    fragments.flatMap((fragment) => fragmentProblem(fragment) ?? []),
    [],
  );
});
