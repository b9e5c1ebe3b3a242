import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { containerdSocket } from "../cluster/node-config.ts";
import { nodeInit } from "../cluster/node-shell.ts";
import { inside } from "../cluster/process.ts";
import type { Node } from "../cluster/topology.ts";
import type { ImageArchive } from "./archive.ts";

/**
 * Loads images into a node's containerd, those of a content that it does not have yet. What it has is remembered in the
 * node's own /run, which ends with the node.
 */
export async function loadImages(node: Node, images: readonly ImageArchive[]): Promise<void> {
  for (const image of images) {
    const mark = loadedMark(node, image);
    if (existsSync(mark)) continue;
    const ctr = ["ctr", "--address", containerdSocket, "--namespace", "k8s.io"];
    await inside(node, [...ctr, "image", "import", image.path]);
    await mkdir(join(mark, ".."), { recursive: true });
    await writeFile(mark, "");
  }
}

function loadedMark(node: Node, image: ImageArchive): string {
  const file = `${image.name.replaceAll("/", "_")}_${image.fingerprint}`;
  return `/proc/${nodeInit(node) ?? 0}/root/run/meshwright-images/${file}`;
}
