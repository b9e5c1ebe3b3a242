// Runs in a pod of node-files: see nodes-cni.sh.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const [, , wanted] = process.argv;
const folder = "/host/cni/net.d";
const type = "meshwright-cni";

const [first] = readdirSync(folder)
  .filter((name) => /\.(conflist|conf|json)$/.test(name))
  .sort();
const path = `${folder}/${first}`;
const list = JSON.parse(readFileSync(path, "utf8"));
const others = list.plugins.filter((plugin) => plugin.type !== type);

if (wanted === "rewrite") {
  writeFileSync(`${path}.tmp`, JSON.stringify({ ...list, plugins: others }, null, 2));
  renameSync(`${path}.tmp`, path);
} else {
  const isChained = list.plugins.at(-1).type === type && others.length === list.plugins.length - 1;
  const isFree = others.length === list.plugins.length;
  const hasProgram = existsSync(`/host/cni/bin/${type}`);
  const found = isChained && hasProgram ? "installed" : isFree && !hasProgram ? "absent" : "half there";
  process.stdout.write(`the CNI plugin is ${found}: ${list.plugins.map((plugin) => plugin.type).join(", ")}\n`);
  process.exitCode = found === wanted ? 0 : 1;
}
