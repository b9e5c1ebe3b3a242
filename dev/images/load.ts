import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { containerdSocket } from "../cluster/node-config.ts";
import { nodeInit } from "../cluster/node-shell.ts";
import { inside } from "../cluster/process.ts";
import type { Node } from "../cluster/topology.ts";
import type { BuiltImage } from "./built-image.ts";
import { writeArchive } from "./layout.ts";

/**
 * Loads the images of one layout into a node's containerd, those whose content it does not have yet. What it has is
 * remembered in the node's own /run, which ends with the node.
 */
export async function loadImages(node: Node, images: readonly BuiltImage[]): Promise<void> {
  const missing = images.filter((image) => loadedFingerprint(node, image) !== image.fingerprint);
  const [first] = missing;
  if (first === undefined) return;
  const archive = join(first.layout, `load-${node.name}-${process.pid}.tar`);
  try {
    await writeArchive(
      first.layout,
      missing.map((image) => image.name),
      archive,
    );
    const ctr = ["ctr", "--address", containerdSocket, "--namespace", "k8s.io"];
    await inside(node, [...ctr, "image", "import", archive]);
  } finally {
    await rm(archive, { force: true });
  }
  await mkdir(marksDir(node), { recursive: true });
  for (const image of missing) await writeFile(loadedMark(node, image), image.fingerprint);
}

function loadedFingerprint(node: Node, image: BuiltImage): string | undefined {
  const mark = loadedMark(node, image);
  return existsSync(mark) ? readFileSync(mark, "utf8") : undefined;
}

function loadedMark(node: Node, image: BuiltImage): string {
  return join(marksDir(node), image.name.replaceAll("/", "_"));
}

function marksDir(node: Node): string {
  return `/proc/${nodeInit(node) ?? 0}/root/run/meshwright-images`;
}
