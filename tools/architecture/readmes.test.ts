import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Readme, readmeFaults } from "./readmes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

function readme(workspace: string): Readme {
  const file = join(root, workspace, "README.md");
  const bases = ["", workspace, join(workspace, "src")];
  const exists = (path: string): boolean => bases.some((base) => existsSync(join(root, base, path)));
  return { workspace, text: existsSync(file) ? readFileSync(file, "utf8") : undefined, exists };
}

function workspaces(): readonly string[] {
  const { workspaces: patterns } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return globSync(
    patterns.map((pattern: string) => `${pattern}/package.json`),
    { cwd: root },
  ).map((path) => path.slice(0, path.lastIndexOf("/")));
}

describe("the READMEs", () => {
  test("of all workspaces say what to touch, by files that exist", () => {
    const all = workspaces();
    assert.ok(all.length > 5, `found ${all.length} workspaces: the check would pass without checking anything`);
    assert.deepEqual(readmeFaults(all.map(readme)), []);
  });

  const faults = (text: string | undefined) =>
    readmeFaults([{ workspace: "w", text, exists: (path) => path === "w/a.ts" }]);

  test("that are not there or lack the section are told", () => {
    const want = ['w/README.md: has no section "## To add …"'];
    assert.deepEqual([faults(undefined), faults("# w\n")], [want, want]);
  });

  test("that name no file, or one that does not exist, are told", () => {
    assert.deepEqual(faults("## To add …\n\nNothing.\n"), ['w/README.md: "## To add …" names no file']);
    assert.deepEqual(faults("## To add …\n`w/a.ts`, `b/`, `w/read-<kind>.ts`\n## Else\n`w/c.ts`"), [
      "w/README.md: there is no b/",
    ]);
  });
});
