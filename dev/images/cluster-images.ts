import { dirname, join } from "node:path";
import { cacheRoot } from "../binaries/cache.ts";
import { type ImageArchive, imageArchive } from "./archive.ts";
import { localBases } from "./local-bases.ts";
import { corednsImage, pauseImage } from "./names.ts";

const here = import.meta.dirname;

/** Returns the archives of the images that a cluster itself needs, built once and kept in the cache. */
export async function clusterImages(coredns: string): Promise<readonly ImageArchive[]> {
  const { BUILDER } = await localBases();
  const dir = join(cacheRoot(), "images");
  const pause = { name: pauseImage, dockerfile: join(here, "pause", "Dockerfile"), context: join(here, "pause") };
  const dns = { name: corednsImage, dockerfile: join(here, "coredns", "Dockerfile"), context: dirname(coredns) };
  return [await imageArchive({ ...pause, args: { BUILDER } }, dir), await imageArchive({ ...dns, args: {} }, dir)];
}
