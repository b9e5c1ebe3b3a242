import type { PatchOperation } from "./json-patch.ts";
import type { RewrittenProbe } from "./probes.ts";

/** Sends kubelet's calls to the sidecar. A call has one kind of handler, so another kind than `httpGet` is taken out. */
export function probePatch(probes: readonly RewrittenProbe[]): readonly PatchOperation[] {
  return probes.flatMap(({ pointer, replaced, httpGet }): readonly PatchOperation[] => {
    const path = `${pointer}/httpGet`;
    if (replaced === "httpGet") return [{ op: "replace", path, value: httpGet }];
    return [
      { op: "remove", path: `${pointer}/${replaced}` },
      { op: "add", path, value: httpGet },
    ];
  });
}
