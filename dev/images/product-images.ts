import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import type { ImageSource } from "./buildah.ts";
import { bundle, hasSource, type Process } from "./bundle.ts";
import { type ProductImage, productImage, productImages } from "./names.ts";

const processDockerfile = join(import.meta.dirname, "process.Dockerfile");

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
  const args = { BASE: bases["BASE"] ?? "", VERSION: version, ...(name === "node-agent" && { RUN_AS: "0:0" }) };
  return { name: productImage(name, version), dockerfile: processDockerfile, context, args };
}

function proxySource(version: string, bases: Readonly<Record<string, string>>): ImageSource {
  return {
    name: productImage("proxy", version),
    dockerfile: join(repositoryRoot, "proxy", "image", "Dockerfile"),
    context: join(repositoryRoot, "proxy", "native"),
    args: { ...bases, VERSION: version },
  };
}
