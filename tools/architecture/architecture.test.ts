import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type SourceFile, violations } from "./check.ts";
import { composers, law } from "./law.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const workspaces = "{lib/*,operator,control-plane,proxy}/src/**/*.ts";

function sources(): SourceFile[] {
  return globSync(workspaces, { cwd: root })
    .filter((path) => !/\.(?:i?test)\.ts$/.test(path) && !path.includes("/gen/") && !path.includes("/testdata/"))
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, "utf8") }));
}

describe("architecture", () => {
  test("each layer imports only what the law allows, and pure layers have no effects", () => {
    const files = sources();
    assert.ok(
      files.length > 0,
      `no sources under ${relative(".", root)}: the check would pass without checking anything`,
    );
    assert.deepEqual(violations(files, law, composers), []);
  });

  test("every layer of the law has files", () => {
    const files = sources();
    const empty = law.filter((layer) => !files.some((file) => file.path.startsWith(`${layer.folder}/`)));
    assert.deepEqual(
      empty.map((layer) => layer.folder),
      [],
    );
  });
});

describe("the architecture check", () => {
  const cases: Record<string, { file: SourceFile; want: string }> = {
    "finds a forbidden import between folders": {
      file: { path: "control-plane/src/model/a.ts", text: 'import { b } from "../translate/b.ts";' },
      want: "control-plane/src/model/a.ts: may not import control-plane/src/translate/b.ts",
    },
    "finds a forbidden package": {
      file: { path: "control-plane/src/serve/a.ts", text: 'export { x } from "@meshwright/kube/client";' },
      want: "control-plane/src/serve/a.ts: may not import @meshwright/kube/client",
    },
    "finds a dynamic import": {
      file: { path: "control-plane/src/translate/a.ts", text: 'const x = import("../watch/x.ts");' },
      want: "control-plane/src/translate/a.ts: may not import control-plane/src/watch/x.ts",
    },
    "finds I/O in pure code": {
      file: { path: "operator/src/plan/a.ts", text: 'import { readFileSync } from "node:fs";' },
      want: "operator/src/plan/a.ts: pure code may not import node:fs",
    },
    "finds a clock in pure code": {
      file: { path: "operator/src/plan/a.ts", text: "export const now = () => Date.now();" },
      want: "operator/src/plan/a.ts: pure code reads the clock",
    },
    "finds a folder that nobody decided on": {
      file: { path: "operator/src/stuff/a.ts", text: "" },
      want: "operator/src/stuff/a.ts: no layer of tools/architecture/law.ts owns this folder",
    },
  };
  for (const [name, { file, want }] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(violations([file], law, composers), [want]));
  }

  test("lets comments speak of anything", () => {
    const text = "/** Never async: process.env is read by main. */\n// await\nexport const a = 1;";
    assert.deepEqual(violations([{ path: "operator/src/plan/a.ts", text }], law, composers), []);
  });
});
