import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bundle } from "./bundle.ts";

interface SourceMap {
  readonly sources: readonly string[];
}

describe("the bundle of a process", () => {
  test("has a source map of our own sources and of nothing else, since Node keeps all of it in memory", async () => {
    const map = join(await bundle("meshd"), "main.mjs.map");
    const { sources }: SourceMap = JSON.parse(readFileSync(map, "utf8"));
    assert.ok(sources.some((source) => source.endsWith("control-plane/src/main.ts")));
    const isOthers = (source: string): boolean => /\/(?:node_modules|gen)\/.*\.[cm]?[jt]s$/.test(source);
    assert.deepEqual(sources.filter(isOthers), []);
    assert.ok(statSync(map).size < 1_000_000);
  });
});
