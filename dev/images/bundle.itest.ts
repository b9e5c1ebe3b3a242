import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { repositoryRoot } from "../cluster/paths.ts";
import { bundle, bundleModule } from "./bundle.ts";

interface SourceMap {
  readonly sources: readonly string[];
}

describe("the bundle of a process", () => {
  test("has a source map of our own sources and of nothing else, since it is read whole", async () => {
    const map = join(await bundle("meshd"), "main.mjs.map");
    const { sources }: SourceMap = JSON.parse(readFileSync(map, "utf8"));
    assert.ok(sources.some((source) => source.endsWith("control-plane/src/main.ts")));
    const isOthers = (source: string): boolean => /\/(?:node_modules|gen)\/.*\.[cm]?[jt]s$/.test(source);
    assert.deepEqual(sources.filter(isOthers), []);
    assert.ok(statSync(map).size < 1_000_000);
  });

  test("brings no HTTP client beside Node's, nor has Node load one that it keeps for browsers' interfaces", async () => {
    const text = readFileSync(join(await bundle("meshd"), "main.mjs"), "utf8");
    assert.equal(text.includes("UND_ERR"), false);
    assert.equal(/from ?"(?:node:)?http"/.test(text), false);
  });

  test("logs errors, caught or not, by places in our sources", async () => {
    const folder = mkdtempSync(join(repositoryRoot, ".build", "bundle-"));
    try {
      const file = join(folder, "main.mjs");
      await bundleModule("dev/images/testdata/failing.ts", file);
      const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
      const records = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.equal(status, 1);
      assert.equal(stderr, "");
      assert.deepEqual(
        records.map(({ msg }) => msg),
        ["failed", "uncaught error, ending"],
      );
      assert.match(records[0].error.stack, /^Error: caught\n +at fail \(dev\/images\/testdata\/failing\.ts:8:9\)\n/);
      assert.match(
        records[1].error.stack,
        /^Error: not caught\n +at fail \(dev\/images\/testdata\/failing\.ts:8:9\)\n/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
