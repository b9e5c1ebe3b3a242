import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "./table.ts";

test("a table escapes the bars of its cells and keeps each row on one line", () => {
  assert.equal(table(["A", "B"], [["`x|y`", "two\nlines"]]), "| A | B |\n| --- | --- |\n| `x\\|y` | two lines |\n");
});

test("a table without rows is nothing, not a header", () => assert.equal(table(["A"], []), ""));
