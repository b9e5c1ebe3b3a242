import type { Resources } from "@meshwright/contract/mesh-config";
import type { MeshInstallSpec } from "../../api/mesh-install-spec.ts";

/** What a spec says about resources; absent: nothing. */
export type ResourcesSpec = MeshInstallSpec["proxy"]["resources"];

/** Resources of a container: what the spec says, or else the component's defaults. */
export function containerResources(spec: ResourcesSpec, defaults: Resources): Resources {
  if (spec === undefined) return defaults;
  return {
    ...(spec.requests === undefined ? {} : { requests: quantities(spec.requests) }),
    ...(spec.limits === undefined ? {} : { limits: quantities(spec.limits) }),
  };
}

/** `cpu: 2` and `cpu: "2"` are the same quantity; the API server keeps strings. */
function quantities(amounts: Readonly<Record<string, string | number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)]));
}
