import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import type { ImageSource } from "./buildah.ts";
import { bundle, hasSource, nativeSources, type Process } from "./bundle.ts";
import { type ProductImage, productImage, productImages } from "./names.ts";

const processDockerfile = join(import.meta.dirname, "process.Dockerfile");
const imageDir = join(repositoryRoot, "proxy", "image");

/** Returns the images of ours whose source is in the checkout. */
export function buildableImages(): readonly ProductImage[] {
  return productImages.filter((name) => name === "proxy" || hasSource(name));
}

/** Returns what one of our images is built from, in a version; its process is bundled on the way. */
export async function productSource(
  name: ProductImage,
  bases: Readonly<Record<string, string>>,
): Promise<(version: string) => ImageSource> {
  if (name === "proxy") return (version) => proxySource(version, bases);
  const context = await bundle(name);
  return (version) => processSource(name, context, version, bases);
}

function processSource(
  name: Process,
  context: string,
  version: string,
  bases: Readonly<Record<string, string>>,
): ImageSource {
  const { BASE = "", BUILDER = "" } = bases;
  const image = { name: productImage(name, version), context };
  return name === "node-agent"
    ? { ...image, dockerfile: join(imageDir, "node-agent.Dockerfile"), args: { BASE, BUILDER, VERSION: version } }
    : { ...image, dockerfile: processDockerfile, args: { BASE, VERSION: version } };
}

function proxySource(version: string, bases: Readonly<Record<string, string>>): ImageSource {
  return {
    name: productImage("proxy", version),
    dockerfile: join(imageDir, "Dockerfile"),
    context: nativeSources,
    args: { ...bases, VERSION: version },
  };
}
