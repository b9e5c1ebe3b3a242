import { dirname, join } from "node:path";
import { cacheRoot } from "../binaries/cache.ts";
import { type BuiltImage, builtImage } from "./built-image.ts";
import { localBases } from "./local-bases.ts";
import { corednsImage, pauseImage } from "./names.ts";

const here = import.meta.dirname;

/** Returns the images that a cluster itself needs, built once and kept in the cache. */
export async function clusterImages(coredns: string): Promise<readonly BuiltImage[]> {
  const { BUILDER } = await localBases();
  const dir = join(cacheRoot(), "images");
  const pause = { name: pauseImage, dockerfile: join(here, "pause", "Dockerfile"), context: join(here, "pause") };
  const dns = { name: corednsImage, dockerfile: join(here, "coredns", "Dockerfile"), context: dirname(coredns) };
  return [await builtImage({ ...pause, args: { BUILDER } }, dir), await builtImage({ ...dns, args: {} }, dir)];
}
