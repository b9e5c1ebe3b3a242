import { join } from "node:path";
import { cacheRoot } from "../binaries/cache.ts";
import { prometheusFolder } from "../binaries/prometheus.ts";
import { type BuiltImage, builtImage } from "./built-image.ts";
import { type ToolImage, toolImage } from "./names.ts";

const here = import.meta.dirname;

/** Returns images of other people's programs that single suites need, built once and kept in the cache. */
export async function toolImages(
  names: readonly ToolImage[],
  { BASE = "" }: Readonly<Record<string, string>>,
): Promise<readonly BuiltImage[]> {
  const layout = join(cacheRoot(), "images");
  const built: BuiltImage[] = [];
  for (const name of names) {
    const source = {
      name: toolImage(name),
      dockerfile: join(here, name, "Dockerfile"),
      context: await folders[name](),
    };
    built.push(await builtImage({ ...source, args: { BASE } }, layout));
  }
  return built;
}

const folders: Readonly<Record<ToolImage, () => Promise<string>>> = { prometheus: prometheusFolder };
