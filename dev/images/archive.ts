import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { buildImage, dropImage, type ImageSource, saveImage } from "./buildah.ts";
import { fingerprint } from "./fingerprint.ts";

/** An image as a file that a container runtime loads. */
export interface ImageArchive {
  readonly name: string;
  readonly fingerprint: string;
  readonly path: string;
}

/**
 * Returns the archive of an image below `dir`, building it when its content has changed.
 *
 * Guarantees: the archive is whole or absent; archives of the same image with older content are removed.
 */
export async function imageArchive(source: ImageSource, dir: string): Promise<ImageArchive> {
  const digest = fingerprint(source);
  const stem = basename(source.name).replace(":", "-");
  const archive = { name: source.name, fingerprint: digest, path: join(dir, `${stem}_${digest}.tar`) };
  if (existsSync(archive.path)) return archive;
  await mkdir(dir, { recursive: true });
  await buildImage(source);
  await removeOlder(dir, stem);
  const draft = `${archive.path}.${process.pid}.part`;
  await saveImage(source.name, draft);
  await dropImage(source.name);
  await rename(draft, archive.path);
  return archive;
}

async function removeOlder(dir: string, stem: string): Promise<void> {
  const older = (await readdir(dir)).filter((file) => file.startsWith(`${stem}_`));
  for (const file of older) await rm(join(dir, file));
}
