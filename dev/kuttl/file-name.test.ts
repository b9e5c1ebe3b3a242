import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type FileName, parseFileName } from "./file-name.ts";

describe("the file name", () => {
  const cases: Record<string, FileName> = {
    "00-install.yaml": { kind: "apply", index: 0, name: "install" },
    "10-two-words.yaml": { kind: "apply", index: 10, name: "two-words" },
    "03-assert.yaml": { kind: "assert", index: 3 },
    "03-errors.yaml": { kind: "errors", index: 3 },
    "03-assert-more.yaml": { kind: "assert", index: 3 },
    "03-error.yaml": { kind: "apply", index: 3, name: "error" },
    "workload.yaml": { kind: "unnumbered" },
    "notes.md": { kind: "unknown" },
    "01-a.b.yaml": { kind: "unknown" },
  };
  for (const [file, want] of Object.entries(cases)) {
    test(`${file} is read as kuttl reads it`, () => assert.deepEqual(parseFileName(file), want));
  }
});
