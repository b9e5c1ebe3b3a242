import { z } from "zod";
import { CniError } from "./cni-error.ts";

/** Our plugin's entry in a node's conflist, as `proxy/native/cni.c` reads it. */
export interface PluginEntry {
  readonly type: "meshwright-cni";
  /** Path of the agent's socket on the node. */
  readonly socket: string;
  readonly kubeletDir: string;
}

/** File name of the plugin in the node's CNI binary folder. */
export const pluginType = "meshwright-cni";

const conflist = z.looseObject({ plugins: z.array(z.looseObject({ type: z.string() })).min(1) });

/**
 * Returns the conflist with our plugin at its end, once; the very same text when it stands there already.
 *
 * Errors: CniError `ConflistUnusable` when the text is no conflist with a plugin in it.
 */
export function withPlugin(text: string, entry: PluginEntry): string {
  const list = readConflist(text);
  const last = list.plugins.at(-1);
  const others = list.plugins.filter(({ type }) => type !== pluginType);
  if (JSON.stringify(last) === JSON.stringify(entry) && others.length === list.plugins.length - 1) return text;
  return render({ ...list, plugins: [...others, entry] });
}

/** Returns the conflist without our plugin; the very same text when it is not in it. Errors: as withPlugin. */
export function withoutPlugin(text: string): string {
  const list = readConflist(text);
  const plugins = list.plugins.filter(({ type }) => type !== pluginType);
  return plugins.length === list.plugins.length ? text : render({ ...list, plugins });
}

function readConflist(text: string): z.infer<typeof conflist> {
  try {
    return conflist.parse(JSON.parse(text));
  } catch (cause) {
    throw new CniError("ConflistUnusable", "it is no list of CNI plugins in JSON: want at least one plugin", { cause });
  }
}

function render(list: object): string {
  return `${JSON.stringify(list, null, 2)}\n`;
}
