import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where built and downloaded programs are kept: `MESHWRIGHT_CACHE`, else `~/.cache/meshwright`. */
export function cacheRoot(): string {
  return process.env["MESHWRIGHT_CACHE"] ?? join(homedir(), ".cache", "meshwright");
}

/**
 * Returns the cached folder of that name, made by `fill` first when it is not there yet.
 *
 * Guarantees: the folder is whole or absent, also when this process is killed or another one fills it at the same time:
 * `fill` writes into a temporary folder beside it, which is then renamed.
 */
export async function cached(name: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const target = join(cacheRoot(), name);
  if (existsSync(target)) return target;
  await mkdir(cacheRoot(), { recursive: true });
  const draft = await mkdtemp(join(cacheRoot(), `.${name}-`));
  try {
    await fill(draft);
    await chmod(draft, 0o755);
    await rename(draft, target);
  } catch (error) {
    // Whoever came first filled it with the same content.
    if (!existsSync(target)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}
