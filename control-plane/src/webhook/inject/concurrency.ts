import type { ProxyConfig } from "@meshwright/contract/mesh-config";

/**
 * Envoy's worker threads: what the settings say, else the CPU limit rounded up. Without a limit, and where the settings
 * say 0 as Istio's users do, it is undefined, and Envoy takes one per core of the node.
 */
export function concurrency(proxy: ProxyConfig): number | undefined {
  if (proxy.concurrency !== undefined) return proxy.concurrency === 0 ? undefined : proxy.concurrency;
  const limit = proxy.resources.limits?.["cpu"];
  const cores = limit === undefined ? Number.NaN : cpuCores(limit);
  return cores > 0 ? Math.ceil(cores) : undefined;
}

/** Reads a CPU quantity as `2`, `0.5` or `1500m`; anything else is NaN. */
function cpuCores(quantity: string): number {
  const [, amount, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  return amount === undefined ? Number.NaN : Number(amount) / (milli === "m" ? 1000 : 1);
}
