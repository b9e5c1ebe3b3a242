import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rowName } from "../row.ts";
import { rows } from "./rows.ts";

describe("the traffic matrix", () => {
  test("holds no row twice", () => {
    const names = rows.map(rowName);
    const repeated = names.filter((name, index) => names.indexOf(name) !== index);
    assert.deepEqual(repeated, []);
  });

  test("runs at least 150 rows", () => {
    const run = rows.filter(({ expect }) => expect.kind !== "skip");
    assert.ok(run.length >= 150, `${run.length} rows`);
  });

  test("gives a reason for each row that does not run", () => {
    const reasons = rows.flatMap(({ expect }) => (expect.kind === "skip" ? [expect.reason] : []));
    assert.deepEqual(
      reasons.filter((reason) => reason.length < 20),
      [],
    );
  });
});
