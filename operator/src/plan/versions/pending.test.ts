import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canary, lifecycle, world } from "../testdata/lifecycle.ts";
import { pendingVersion } from "./pending.ts";

function pending(version: string, ...installed: readonly string[]): string | undefined {
  const install = canary(version);
  return pendingVersion(install, world({ install, revisions: installed }).revisions, lifecycle.catalogue)?.version;
}

describe("the version that a mesh is to change to", () => {
  test("is what is asked for while no revision is of it", () => {
    assert.equal(pending("v1.1.0", "v1.0.0"), "v1.1.0");
    assert.equal(pending("v1.1-latest", "v1.0.0"), "v1.1.1");
  });

  test("is none once a revision is of it, be it one to go back to", () => {
    assert.equal(pending("v1.1.0", "v1.0.0", "v1.1.0"), undefined);
    assert.equal(pending("v1.0.0", "v1.0.0", "v1.1.0"), undefined);
  });

  test("is none where nothing is installed yet, or where nobody knows the version", () => {
    assert.equal(pending("v1.1.0"), undefined);
    assert.equal(pending("v9.9.9", "v1.0.0"), undefined);
  });
});
