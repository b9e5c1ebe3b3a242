import { type MeshConfig, meshConfigKey } from "@meshwright/contract/mesh-config";
import { parseMeshConfig } from "@meshwright/contract/mesh-config-yaml";
import { type ListWatch, listWatch, type WatchEvent } from "@meshwright/kube/list-watch";
import { configMaps, typed } from "@meshwright/kube/resource-types";
import { keyOf, type ObjectKey } from "@meshwright/kube/types";
import type { KubeConfigMap } from "./kube-shapes.ts";
import type { WatchOptions } from "./watch-mesh.ts";

export interface MeshConfigWatch extends ListWatch {
  /** Resolves with the first valid settings; rejects when the signal ends the watch before. */
  readonly first: Promise<MeshConfig>;
}

export interface MeshConfigWatchOptions extends WatchOptions {
  /** The ConfigMap whose `mesh.yaml` holds the settings. */
  readonly configMap: Required<ObjectKey>;
  /** Called with every valid version of the settings. */
  readonly onConfig: (config: MeshConfig) => void;
}

/** Follows the mesh's settings. Wrong ones, and their absence, are logged, and the last good ones stay. */
export function watchMeshConfig(options: MeshConfigWatchOptions): MeshConfigWatch {
  const { client, configMap, logger, signal, onConfig } = options;
  const { promise: first, resolve, reject } = Promise.withResolvers<MeshConfig>();
  const take = (config: MeshConfig): void => {
    resolve(config);
    onConfig(config);
  };
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  const watching = listWatch({
    client,
    logger,
    signal,
    type: typed<KubeConfigMap>(configMaps),
    namespace: configMap.namespace,
    // Access is granted to this one ConfigMap, which the API server recognizes only by this selector.
    fieldSelector: `metadata.name=${configMap.name}`,
    onEvent: (event) => handle(event, options, take),
  });
  return { ...watching, first };
}

function handle(
  event: WatchEvent<KubeConfigMap>,
  { logger }: MeshConfigWatchOptions,
  take: (config: MeshConfig) => void,
): void {
  if (event.kind === "synced") return;
  const name = keyOf(event.object);
  if (event.kind === "delete") return logger.warn({ configMap: name }, "mesh settings deleted, keeping the last ones");
  const parsed = parseMeshConfig(event.object.data?.[meshConfigKey] ?? "");
  if (parsed.kind === "valid") return take(parsed.config);
  const problems = parsed.problems.map(({ message }) => message);
  logger.error({ configMap: name, problems }, "mesh settings refused, keeping the last good ones");
}
