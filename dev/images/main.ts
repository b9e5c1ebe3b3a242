import { join } from "node:path";
import { installDebianPackages } from "../binaries/debian.ts";
import { exclusively } from "../cluster/lock.ts";
import { nodeInit } from "../cluster/node-shell.ts";
import { repositoryRoot } from "../cluster/paths.ts";
import { possibleNodes } from "../cluster/topology.ts";
import { main } from "../command/main.ts";
import { createProgress, type StepReport } from "../progress/progress.ts";
import { type BuiltImage, builtImage } from "./built-image.ts";
import { loadImages } from "./load.ts";
import { localBases } from "./local-bases.ts";
import { extraNames, type ProductImage, productVersions, testVersions, toolNames } from "./names.ts";
import { buildableImages, productSource } from "./product-images.ts";
import { toolImages } from "./tool-images.ts";

const layout = join(repositoryRoot, ".build", "images");

/** What is wanted beside the images of the released versions. */
const wanted = extraNames.filter((name) => process.argv.slice(2).includes(name));
const wantedTools = toolNames.filter((name) => wanted.includes(name));

await main(() => exclusively(makeImages));

/** Builds our images that changed, and loads them into every node that runs. */
async function makeImages(): Promise<void> {
  const progress = createProgress(wantedTools.length === 0 ? 4 : 5);
  await progress.step("Debian packages", installDebianPackages);
  const bases = await progress.step("base images", localBases);
  const images = await progress.step("our images", (report) => buildAll(bases, report));
  const tools = wantedTools.length === 0 ? [] : await progress.step("tools", () => toolImages(wantedTools, bases));
  await progress.step("load into the nodes", (report) => loadAll(images, tools, report));
}

async function buildAll(bases: Readonly<Record<string, string>>, report: StepReport): Promise<readonly BuiltImage[]> {
  const names = buildableImages();
  const built: BuiltImage[] = [];
  for (const name of names) {
    const source = await productSource(name, bases);
    const versions = versionsOf(name);
    for (const [index, version] of versions.entries()) {
      report.at((names.indexOf(name) + index / versions.length) / names.length, `${name} ${version}`);
      built.push(await builtImage(source(version), layout));
    }
  }
  return built;
}

function versionsOf(name: ProductImage): readonly string[] {
  if (!wanted.includes("test-versions")) return productVersions;
  const tested = Object.entries(testVersions).filter(([, images]) => images.includes(name));
  return [...productVersions, ...tested.map(([version]) => version)];
}

async function loadAll(images: readonly BuiltImage[], tools: readonly BuiltImage[], report: StepReport): Promise<void> {
  const running = possibleNodes.filter((node) => nodeInit(node) !== undefined);
  report.note(running.map((node) => node.name).join(" ") || "no cluster runs");
  await Promise.all(running.map((node) => loadImages(node, images)));
  await Promise.all(running.map((node) => loadImages(node, tools)));
}
