import { collectDefaultMetrics, Registry } from "prom-client";

export type { Registry };

/** Creates a process's registry, with the process and runtime metrics of prom-client under their usual names. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
