import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { reasonMeanings } from "./reason.ts";

const runbook = readFileSync(new URL("../../../docs/guides/runbook.md", import.meta.url), "utf8");
const headings = [...runbook.matchAll(/^### (\S+)$/gm)].map(([, heading = ""]) => heading);

test("the runbook says what to do for every reason of a condition, and for no other", () => {
  assert.deepEqual(headings.toSorted(), Object.keys(reasonMeanings).toSorted());
});
