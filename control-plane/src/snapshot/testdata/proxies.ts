import type { Accepted, ProxyNode, ProxyTraits } from "../../serve/view.ts";
import type { Snapshot } from "../snapshot.ts";

export const plain: ProxyTraits = { ipStack: "dual", capturesDns: false };

/** Connects the proxy of a pod, with the certificate of a service account, and listens to it. */
export function connectProxy(
  snapshot: Snapshot,
  pod: { readonly namespace: string; readonly name: string; readonly serviceAccount: string },
  traits: ProxyTraits = plain,
  listener: () => void = () => undefined,
): Accepted & { readonly disconnect: () => void } {
  const { namespace, name, serviceAccount } = pod;
  const id = `sidecar~198.18.128.2~${name}.${namespace}~${namespace}.svc.cluster.local`;
  const node: ProxyNode = { id, cluster: "", envoyVersion: "", traits };
  const connected = snapshot.connect(node, { trustDomain: "cluster.local", namespace, serviceAccount });
  if (connected.kind === "refused") throw new Error(connected.message);
  return { ...connected, disconnect: connected.onChange(listener) };
}
