import type { Logger } from "@meshwright/log/logger";
import { startCniServer } from "./cni-server.ts";
import { type CniFolders, installPlugin } from "./installation.ts";
import { keepInstalled } from "./keep-installed.ts";

export interface CniOptions {
  /** Path of the socket, the same for the node and for the agent. */
  readonly socket: string;
  readonly kubeletDir: string;
  readonly folders: CniFolders;
  /** The plugin in the agent's image. */
  readonly program: string;
  readonly logger: Logger;
}

/** CNI mode of a node: pods' rules are loaded when their network is made. */
export interface Cni extends AsyncDisposable {
  /**
   * Resolves when the runtime's configuration calls the plugin: a pod that is let through then cannot get a network that
   * is not redirected. Errors: CniError `ConflistUnusable`, or that of the file system.
   */
  readonly ensureInstalled: () => Promise<void>;
}

/**
 * Serves the plugin and then installs it, in this order: a plugin without an agent fails meshed pods.
 *
 * Errors: rejects when the socket cannot be made.
 */
export async function startCni({ socket, kubeletDir, folders, program, logger }: CniOptions): Promise<Cni> {
  const server = await startCniServer({ path: socket, kubeletDir, logger });
  const entry = { type: "meshwright-cni", socket, kubeletDir } as const;
  const install = (): Promise<string | undefined> => installPlugin(folders, program, entry);
  const stop = new AbortController();
  const kept = keepInstalled(install, logger, stop.signal);
  return {
    ensureInstalled: async () => void (await install()),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await kept;
      await server[Symbol.asyncDispose]();
    },
  };
}
