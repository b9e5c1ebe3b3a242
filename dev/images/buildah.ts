import { join } from "node:path";
import { cacheRoot } from "../binaries/cache.ts";
import { attempt, run } from "../command/run.ts";

/** What an image is built from. */
export interface ImageSource {
  /** Reference of the result. */
  readonly name: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly args: Readonly<Record<string, string>>;
}

/**
 * A store of our own keeps the user's images apart. The vfs driver mounts nothing, so that a build leaves no mount
 * behind, whatever becomes of it.
 */
function buildah(args: readonly string[]): readonly string[] {
  const store = join(cacheRoot(), "buildah");
  return ["--root", store, "--runroot", join(store, "run"), "--storage-driver", "vfs", ...args];
}

/** Builds an image; its bases must be in the store already or, for public ones, in a registry that can be reached. */
export async function buildImage(source: ImageSource): Promise<void> {
  const args = Object.entries(source.args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  // chroot: no privileges over the machine are taken beyond those of a plain process.
  // timestamp: equal files make equal layers, which versions and processes then share.
  const how = ["--isolation", "chroot", "--layers=false", "--force-rm", "--pull=false", "--timestamp", "0"];
  const what = ["--file", source.dockerfile, "--tag", source.name, ...args, source.context];
  await run("buildah", buildah(["bud", ...how, ...what]));
}

/** Writes an image's manifest, configuration and layers as files of a folder, its layers as they are. */
export async function saveImage(name: string, dir: string): Promise<void> {
  await run("buildah", buildah(["push", "--quiet", "--disable-compression", "--format", "oci", name, `dir:${dir}`]));
}

export async function hasImage(name: string): Promise<boolean> {
  return (await attempt("buildah", buildah(["inspect", "--type", "image", name]))).code === 0;
}

/** Forgets an image; its base layers stay as long as another image has them. */
export async function dropImage(name: string): Promise<void> {
  await attempt("buildah", buildah(["rmi", "--force", name]));
}
