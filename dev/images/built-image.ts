import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildImage, dropImage, type ImageSource, saveImage } from "./buildah.ts";
import { fingerprint } from "./fingerprint.ts";
import { addImage, inLayout, pruneLayout } from "./layout.ts";

/** An image that stands in an OCI layout, ready to be loaded. */
export interface BuiltImage {
  readonly name: string;
  readonly fingerprint: string;
  readonly layout: string;
}

/**
 * Builds an image into a layout, unless the layout has it with the same content already.
 *
 * Guarantees: a build that was interrupted is not taken for a whole one.
 */
export async function builtImage(source: ImageSource, layout: string): Promise<BuiltImage> {
  const digest = fingerprint(source);
  const built = { name: source.name, fingerprint: digest, layout };
  const mark = join(layout, "fingerprints", source.name.replaceAll("/", "_"));
  if (inLayout(layout, source.name) && existsSync(mark) && readFileSync(mark, "utf8") === digest) return built;
  await mkdir(join(layout, "fingerprints"), { recursive: true });
  await buildImage(source);
  const draft = await mkdtemp(join(layout, "draft-"));
  await saveImage(source.name, draft);
  await addImage(layout, source.name, draft);
  await rm(draft, { recursive: true });
  await dropImage(source.name);
  await pruneLayout(layout);
  await writeFile(mark, digest);
  return built;
}
