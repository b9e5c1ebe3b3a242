import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TagReport } from "../plan/step.ts";
import { tag } from "../plan/testdata/lifecycle.ts";
import { referencesResolved } from "./references.ts";
import { tagStatus } from "./tag-status.ts";

const stands: TagReport = { tag: tag("prod"), revision: "v1", hindrance: undefined, users: [] };
const now = new Date("2030-01-02T00:00:00Z");

function said(report: Partial<TagReport>, wanted: string): string {
  const found = tagStatus({ ...stands, ...report }, now).conditions?.find(({ type }) => type === wanted);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

describe("the status of a tag", () => {
  test("says which revision it stands for", () => {
    assert.equal(tagStatus(stands, now).revision, "v1");
    assert.equal(said({}, "Ready"), 'True Ready: it stands for revision "v1"');
  });

  test("says why it does not stand for what its target says, and what it does meanwhile", () => {
    const waits = { kind: "waits", detail: 'revision "v2" does not inject yet' } as const;
    const told = 'False RevisionNotReady: revision "v2" does not inject yet; it stays at revision "v1"';
    assert.equal(said({ hindrance: waits }, "Ready"), told);
    const missing = { kind: "targetMissing", detail: "it is not there" } as const;
    const lost = "False TargetMissing: it is not there; it stands for no revision";
    assert.equal(said({ hindrance: missing, revision: undefined }, "Ready"), lost);
  });

  test("says who names it", () => {
    assert.equal(said({}, "InUse"), "False NotReferenced: no label names it");
    const users = ['Namespace "a"', 'Pod "b/c"'];
    assert.equal(said({ users }, "InUse"), 'True Referenced: named by Namespace "a" and 1 more');
  });
});

describe("references", () => {
  test("that dangle are told with who has them, three of each at most", () => {
    const users = ["a", "b", "c", "d"].map((name) => `Namespace "${name}"`);
    const { status, reason, message } = referencesResolved([
      { name: "v9", users },
      { name: "x", users: ['Pod "p/q"'] },
    ]);
    assert.deepEqual([status, reason], ["False", "RevisionMissing"]);
    const first = 'Namespace "a", Namespace "b", Namespace "c" and 1 more ask for "v9"; Pod "p/q" asks for "x"; ';
    assert.equal(message, `${first}this mesh has no revision or tag of such a name: create it, or label with another`);
  });
});
