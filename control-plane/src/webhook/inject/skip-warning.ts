import { labels } from "@meshwright/contract/labels";
import type { SkipReason } from "./selection.ts";

const optOut = `set the pod's label ${labels.inject} to "false" to say that it shall be so`;

/** What a user is told whose pod the labels select and that gets no sidecar all the same; undefined: nothing to tell. */
export function skipWarning(reason: SkipReason): string | undefined {
  switch (reason) {
    case "HostNetwork":
      return `no sidecar is injected: the pod uses the node's network (spec.hostNetwork), where redirect rules would apply to the whole node; ${optOut}`;
    case "Windows":
      return `no sidecar is injected: the pod is for Windows, where Envoy is not supported as a sidecar; ${optOut}`;
    case "MirrorPod":
      return "no sidecar is injected: this is the API server's copy of a static pod, which kubelet has started already";
    case "SystemNamespace":
      return "no sidecar is injected: pods of Kubernetes' own namespaces have none, so that the cluster can start without a mesh";
    case "AlreadyInjected":
    case "OptedOut":
      return undefined;
  }
}
