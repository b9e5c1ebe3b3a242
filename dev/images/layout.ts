import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { run } from "../command/run.ts";

/**
 * An OCI image layout: a folder of images that share their layers.
 * Source: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
const indexSchema = z.object({
  manifests: z.array(z.looseObject({ digest: z.string(), annotations: z.record(z.string(), z.string()).optional() })),
});
const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })),
});

type Descriptor = z.infer<typeof indexSchema>["manifests"][number];

const manifestType = { mediaType: "application/vnd.oci.image.manifest.v1+json" };
const refName = "org.opencontainers.image.ref.name";
/** The annotation by which containerd knows a whole reference; it takes `refName` for a tag alone. */
const containerdName = "io.containerd.image.name";

/**
 * Adds an image to a layout, in place of the one of that name; its files are moved out of the folder `dir`.
 * Layers stay uncompressed: they never travel further than this machine.
 */
export async function addImage(layout: string, name: string, dir: string): Promise<void> {
  const manifest = await readFile(join(dir, "manifest.json"));
  const digest = createHash("sha256").update(manifest).digest("hex");
  const blobs = join(layout, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  await writeFile(join(blobs, digest), manifest);
  for (const file of await readdir(dir))
    if (/^[0-9a-f]{64}$/.test(file)) await rename(join(dir, file), join(blobs, file));
  const others = readIndex(layout).filter((other) => nameOf(other) !== name);
  const added = {
    ...manifestType,
    digest: `sha256:${digest}`,
    size: manifest.length,
    annotations: { [refName]: name },
  };
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await writeFile(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [...others, added] }));
}

/** Removes what no image of the layout refers to: the layers of images that were built anew. */
export async function pruneLayout(layout: string): Promise<void> {
  const used = new Set(readIndex(layout).flatMap((manifest) => blobsOf(layout, manifest)));
  const dir = join(layout, "blobs", "sha256");
  for (const file of await readdir(dir)) if (!used.has(`blobs/sha256/${file}`)) await rm(join(dir, file));
}

/** Writes the named images of a layout as one archive for `ctr image import`, each layer once. */
export async function writeArchive(layout: string, names: readonly string[], archive: string): Promise<void> {
  const manifests = readIndex(layout).filter((manifest) => names.includes(nameOf(manifest)));
  const stage = `${archive}.index`;
  await mkdir(stage, { recursive: true });
  await writeFile(join(stage, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: manifests.map(named) }));
  const blobs = new Set(manifests.flatMap((manifest) => blobsOf(layout, manifest)));
  await run("tar", ["-cf", archive, "-C", stage, "index.json", "-C", layout, "oci-layout", ...blobs]);
  await rm(stage, { recursive: true });
}

/** Tells whether the layout has an image of that name. */
export function inLayout(layout: string, name: string): boolean {
  return readIndex(layout).some((manifest) => nameOf(manifest) === name);
}

function readIndex(layout: string): readonly Descriptor[] {
  const path = join(layout, "index.json");
  if (!existsSync(path)) return [];
  const { manifests } = indexSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  // One whose manifest was deleted by hand is not there: it is built again.
  return manifests.filter((manifest) => existsSync(join(layout, blobPath(manifest.digest))));
}

function nameOf(manifest: Descriptor): string {
  return manifest.annotations?.[refName] ?? "";
}

function named(manifest: Descriptor): Descriptor {
  return { ...manifest, annotations: { ...manifest.annotations, [containerdName]: nameOf(manifest) } };
}

function blobsOf(layout: string, descriptor: Descriptor): readonly string[] {
  const path = blobPath(descriptor.digest);
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(layout, path), "utf8")));
  return [path, blobPath(manifest.config.digest), ...manifest.layers.map((layer) => blobPath(layer.digest))];
}

function blobPath(digest: string): string {
  return join("blobs", digest.replace(":", "/"));
}
