import type { Logger } from "@meshwright/log/logger";
import { startCniServer } from "./cni-server.ts";
import { type CniFolders, installPlugin, removePlugin } from "./installation.ts";
import { Settled } from "./settled.ts";
import { startUpkeep, type Upkeep } from "./upkeep.ts";

export interface CniOptions {
  /** Path of the socket, the same for the node and for the agent. */
  readonly socket: string;
  readonly kubeletDir: string;
  readonly folders: CniFolders;
  /** The plugin in the agent's image. */
  readonly program: string;
  readonly logger: Logger;
}

/** A node with regard to CNI mode. */
export interface Cni extends Upkeep {
  /**
   * Resolves when the runtime's configuration calls the plugin: a pod that is let through then cannot get a network that
   * is not redirected. Errors: CniError `ConflistUnusable`, or that of the file system.
   */
  readonly ensureInstalled: () => Promise<void>;
}

/**
 * CNI mode: pods' rules are loaded when their network is made. Serves the plugin and then installs it, in this order: a
 * plugin without an agent fails meshed pods. The plugin stays when the agent ends: pods that start while it restarts must
 * wait for it.
 *
 * Errors: rejects when the socket cannot be made.
 */
export async function startCni({ socket, kubeletDir, folders, program, logger }: CniOptions): Promise<Cni> {
  const server = await startCniServer({ path: socket, kubeletDir, logger });
  const entry = { type: "meshwright-cni", socket, kubeletDir } as const;
  const conflist = new Settled(() => installPlugin(folders, program, entry));
  const words = { done: "CNI plugin installed", failed: "CNI plugin not installed" };
  const upkeep = await startUpkeep(() => conflist.bring(), words, logger);
  return {
    problem: upkeep.problem,
    ensureInstalled: () => conflist.settle(),
    async [Symbol.asyncDispose]() {
      await upkeep[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The end of CNI mode: takes the plugin out of the node, and lets no pod through that needs it. */
export async function endCni(folders: CniFolders, logger: Logger): Promise<Cni> {
  const words = { done: "CNI plugin removed", failed: "CNI plugin not removed" };
  const upkeep = await startUpkeep(() => removePlugin(folders), words, logger);
  const refuse = async (): Promise<never> => {
    throw new Error("the node agent runs with --cni-remove: create the pod anew, so that it loads its rules itself");
  };
  return { ...upkeep, ensureInstalled: refuse };
}
