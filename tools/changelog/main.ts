import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { compileRelease, fragmentProblem } from "./compile.ts";

/** `node tools/changelog/main.ts v1.1.0`: moves the unreleased fragments into CHANGELOG.md as that release. */
const [version] = process.argv.slice(2);
if (version === undefined || !/^v\d+\.\d+\.\d+$/.test(version)) {
  console.error(`cannot compile a release of version "${version ?? ""}": use the form v1.2.3`);
  process.exit(2);
}
const folder = "changes/unreleased";
const fragments = readdirSync(folder).map((file) => ({ file, text: readFileSync(`${folder}/${file}`, "utf8") }));
const problems = fragments.flatMap((fragment) => fragmentProblem(fragment) ?? []);
if (fragments.length === 0 || problems.length > 0) {
  console.error(
    ["cannot compile a release", ...(fragments.length === 0 ? [`${folder} is empty`] : problems)].join("\n  "),
  );
  process.exit(1);
}
const [title = "", ...releases] = readFileSync("CHANGELOG.md", "utf8").split(/^(?=## )/m);
const entry = compileRelease(version, new Date().toISOString().slice(0, 10), fragments);
writeFileSync("CHANGELOG.md", [title, `${entry}\n`, ...releases].join(""));
for (const { file } of fragments) rmSync(`${folder}/${file}`);
