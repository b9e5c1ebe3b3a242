import { chmod, copyFile, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CniError } from "./cni-error.ts";
import { type PluginEntry, pluginType, withoutPlugin, withPlugin } from "./conflist.ts";

/** Where a node keeps its CNI plugins; both folders are the node's own, mounted into the agent. */
export interface CniFolders {
  /** Programs, often `/opt/cni/bin`. */
  readonly binDir: string;
  /** Configuration, often `/etc/cni/net.d`. */
  readonly confDir: string;
}

/** Names that runtimes read; the temporary file has none of them. */
const configurationPattern = /\.(conflist|conf|json)$/;

/**
 * Puts the plugin into the node's CNI folder and at the end of the conflist that its runtime uses. Program before
 * conflist, and each by a rename: a runtime never meets half of it. Writes nothing when all is in place, so that it may
 * be called as often as one likes: another CNI that rewrites its conflist is mended by the next call.
 *
 * @returns the conflist's path when it was written
 *
 * Errors: CniError `ConflistUnusable`, or that of the file system.
 */
export async function installPlugin(
  { binDir, confDir }: CniFolders,
  program: string,
  entry: PluginEntry,
): Promise<string | undefined> {
  await installProgram(program, join(binDir, pluginType));
  const path = await activeConflist(confDir);
  return rewrite(path, (text) => withPlugin(text, entry));
}

/**
 * Takes the plugin out of every conflist, and then its program away; what is not there counts as done.
 *
 * @returns a conflist's path when one was written
 *
 * Errors: that of the file system.
 */
export async function removePlugin({ binDir, confDir }: CniFolders): Promise<string | undefined> {
  let written: string | undefined;
  for (const name of await configurations(confDir))
    if (name.endsWith(".conflist"))
      written = (await rewrite(join(confDir, name), withoutPlugin).catch(ignoreForeign)) ?? written;
  await rm(join(binDir, pluginType), { force: true });
  return written;
}

async function installProgram(source: string, target: string): Promise<void> {
  const [wanted, found] = await Promise.all([readFile(source), readFile(target).catch(() => undefined)]);
  if (found?.equals(wanted) === true) return;
  await copyFile(source, `${target}.tmp`);
  await chmod(`${target}.tmp`, 0o755);
  await rename(`${target}.tmp`, target);
}

/** Runtimes use the first configuration by name. */
async function activeConflist(confDir: string): Promise<string> {
  const [first] = await configurations(confDir);
  if (first?.endsWith(".conflist") === true) return join(confDir, first);
  const found = first === undefined ? "there is none" : `the first one is "${first}"`;
  throw new CniError("ConflistUnusable", `cannot install CNI plugin in "${confDir}": ${found}: want a *.conflist`);
}

async function configurations(confDir: string): Promise<readonly string[]> {
  return (await readdir(confDir)).filter((name) => configurationPattern.test(name)).toSorted();
}

async function rewrite(path: string, change: (text: string) => string): Promise<string | undefined> {
  const text = await readFile(path, "utf8");
  const changed = changeConflist(path, text, change);
  if (changed === text) return undefined;
  const { mode } = await stat(path);
  const temporary = `${path}.meshwright-tmp`;
  await writeFile(temporary, changed, { mode });
  await rename(temporary, path);
  return path;
}

function changeConflist(path: string, text: string, change: (text: string) => string): string {
  try {
    return change(text);
  } catch (cause) {
    if (!(cause instanceof CniError)) throw cause;
    throw new CniError(cause.reason, `cannot change conflist "${path}": ${cause.message}`, { cause });
  }
}

/** What nobody can read does not name our plugin to anybody either. */
function ignoreForeign(error: unknown): undefined {
  if (error instanceof CniError) return undefined;
  throw error;
}
