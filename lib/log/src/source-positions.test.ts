import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SourcePositions } from "./source-positions.ts";

/** Column 11 of line 1 of the bundle is column 3 of line 2 of the source, what is behind it of a dependency, and from column 31 on of nothing. */
const map = { version: 3, sources: ["../../../lib/a/src/b.ts", "dependency"], names: [], mappings: "UACE,UCAA,U,UAAA" };
const payload = { ...map, file: "", sourceRoot: "", sourcesContent: [] };

describe("places of a bundle", () => {
  test("are told by our sources, wherever they stand in a stack", () => {
    const positions = new SourcePositions(() => payload);
    const stack = "Error: x\n    at f (file:///app/main.mjs:1:11)\n    at /app/main.mjs:1:12\n    at node:fs:3:4";
    const expected = "Error: x\n    at f (lib/a/src/b.ts:2:3)\n    at lib/a/src/b.ts:2:3\n    at node:fs:3:4";
    assert.equal(positions.inSources(stack), expected);
  });

  test("of dependencies, of the bundler's own text, and of a file that has no map, stay as they are", () => {
    for (const stack of ["at f (file:///app/main.mjs:1:22)", "at f (file:///app/main.mjs:1:32)"])
      assert.equal(new SourcePositions(() => payload).inSources(stack), stack);
    const stack = "at f (file:///app/main.mjs:1:22)";
    assert.equal(new SourcePositions(() => undefined).inSources(stack), stack);
    assert.equal(new SourcePositions().inSources("at f (/nowhere/main.mjs:1:22)"), "at f (/nowhere/main.mjs:1:22)");
  });

  test("are looked up once", () => {
    let reads = 0;
    const positions = new SourcePositions(() => {
      reads++;
      return payload;
    });
    for (let n = 0; n < 3; n++) positions.inSources("at /app/main.mjs:1:11 and file:///app/main.mjs:1:30");
    assert.equal(reads, 1);
    positions.inSources("at /app/main.mjs:1:12");
    assert.equal(reads, 2);
  });
});
