import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { loadCase } from "./load-case.ts";

const root = mkdtempSync(join(tmpdir(), "kuttl-"));
after(() => rmSync(root, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const dir = join(root, name.replaceAll(" ", "-"));
  mkdirSync(dir);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text);
  return dir;
}

const kuttl = (kind: string, rest = ""): string => `apiVersion: kuttl.dev/v1beta1\nkind: ${kind}\n${rest}`;
const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";

test("files of one index make one step, in the order of the indices", () => {
  const { steps } = loadCase(
    folder("ordered", {
      "10-last.yaml": pod,
      "02-first.yaml": `${kuttl("TestStep", "apply: [more.yaml]")}\n---\n${pod}`,
      "02-assert.yaml": `${kuttl("TestAssert", "timeout: 5")}\n---\n${pod}`,
      "02-errors.yaml": pod,
      "more.yaml": pod,
    }),
  );
  const shape = steps.map(({ index, name, apply, asserts, errors, assert: settings }) => ({
    index,
    name,
    sizes: [apply.length, asserts.length, errors.length],
    timeout: settings.timeout,
  }));
  assert.deepEqual(shape, [
    { index: 2, name: "first", sizes: [2, 1, 1], timeout: 5 },
    { index: 10, name: "last", sizes: [1, 0, 0], timeout: 0 },
  ]);
});

describe("a test is refused", () => {
  const cases: Record<string, Record<string, string>> = {
    "for an unknown field of a TestStep": { "00-a.yaml": kuttl("TestStep", "aply: [x.yaml]") },
    "for an unknown field of a TestAssert": { "00-assert.yaml": kuttl("TestAssert", "timeouts: 5") },
    "for an unknown field of a command": { "00-a.yaml": kuttl("TestStep", "commands: [{script: a, sleep: 1}]") },
    "for a command with a script": { "00-a.yaml": kuttl("TestStep", "commands: [{script: a, command: b}]") },
    "for a namespaced script": { "00-a.yaml": kuttl("TestStep", "commands: [{script: a, namespaced: true}]") },
    "for two TestSteps in one step": { "00-a.yaml": `${kuttl("TestStep")}---\n${kuttl("TestStep")}` },
    "for a TestAssert where it would be applied": { "00-a.yaml": kuttl("TestAssert") },
    "for YAML that does not parse": { "00-a.yaml": "a: [" },
    "for a document that is no object": { "00-a.yaml": "- a" },
    "for a file that no step uses": { "00-a.yaml": pod, "unused.yaml": pod },
    "for a step that does nothing": { "00-a.yaml": kuttl("TestStep") },
    "without any step": { "notes.md": "" },
  };
  for (const [name, files] of Object.entries(cases)) {
    test(name, () => {
      const dir = folder(name, files);
      assert.throws(() => loadCase(dir), { reason: "InvalidSuite" });
    });
  }
});
