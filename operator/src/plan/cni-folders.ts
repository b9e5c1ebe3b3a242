import type { MeshInstall } from "../api/mesh-install.ts";
import type { Observed, OwnedObject } from "../observe/types.ts";
import { cniStageOf, nodeAgentOf } from "./cni-mode.ts";
import { cniVolumeNames } from "./manifests/node-agent.ts";
import type { Problem } from "./problem.ts";

const fields = ["cniBinDir", "cniConfDir"] as const;
type CniFolders = Readonly<Record<(typeof fields)[number], string>>;

/**
 * The install as far as node agents are concerned: while nodes have the plugin, they keep the folders in which it is, since
 * nobody else would take it out of them.
 */
export function withPluginFolders(install: MeshInstall, owned: readonly OwnedObject[]): MeshInstall {
  const folders = pluginFolders(owned);
  if (folders === undefined) return install;
  return { ...install, spec: { ...install.spec, cni: { ...install.spec.cni, ...folders } } };
}

/** The API server refuses another folder while CNI mode is on, but not another profile, which may have others. */
export function checkCniFolders({ install, owned }: Observed): Problem | undefined {
  const { cni, profile } = install.spec;
  const folders = pluginFolders(owned);
  if (!cni.enabled || folders === undefined) return undefined;
  const field = fields.find((name) => cni[name] !== folders[name]);
  if (field === undefined) return undefined;
  return {
    reason: "CniFoldersInUse",
    message: `spec.cni.${field} is "${cni[field]}" with the profile "${profile}", but the nodes have the plugin in "${folders[field]}", where it stays: set spec.profile back, or spec.cni.enabled to false until the plugin has left the nodes`,
  };
}

/** Where the nodes have the plugin, by what the node agent mounts; undefined when they have none. */
function pluginFolders(owned: readonly OwnedObject[]): CniFolders | undefined {
  const agent = nodeAgentOf(owned);
  if (agent === undefined || cniStageOf(agent) === undefined) return undefined;
  const [bin, conf] = [cniVolumeNames.bin, cniVolumeNames.conf].map((name) => hostPathOf(agent, name));
  return bin === undefined || conf === undefined ? undefined : { cniBinDir: bin, cniConfDir: conf };
}

interface DaemonSetVolumes {
  readonly template?: {
    readonly spec?: {
      readonly volumes?: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[];
    };
  };
}

function hostPathOf({ spec }: OwnedObject, volume: string): string | undefined {
  const { template } = (spec ?? {}) as DaemonSetVolumes;
  return template?.spec?.volumes?.find(({ name }) => name === volume)?.hostPath?.path;
}
