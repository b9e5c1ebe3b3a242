import { nodes, typed } from "@meshwright/kube/resource-types";
import { createStore, type Store } from "@meshwright/kube/store";
import type { KubeObject } from "@meshwright/kube/types";
import type { WatchOptions } from "./watch-mesh.ts";

/** The part of a Node that is read. */
interface KubeNode extends KubeObject {
  readonly status?: { readonly nodeInfo?: { readonly kubeletVersion?: string } };
}

/** Follows the cluster's nodes. */
export function watchNodes(options: WatchOptions): Store<KubeNode> {
  return createStore({ ...options, type: typed<KubeNode>(nodes), transform: trimNode });
}

/** Versions of all kubelets, as `v1.37.2`; a node that has not yet said its own is left out. */
export function kubeletVersions(store: Store<KubeNode>): readonly string[] {
  return store.list().flatMap(({ status }) => status?.nodeInfo?.kubeletVersion ?? []);
}

/** Most of a node is its images. */
function trimNode({ apiVersion, kind, metadata, status }: KubeNode): KubeNode {
  const kubeletVersion = status?.nodeInfo?.kubeletVersion;
  const nodeInfo = kubeletVersion === undefined ? {} : { kubeletVersion };
  return { apiVersion, kind, metadata, status: { nodeInfo } };
}
