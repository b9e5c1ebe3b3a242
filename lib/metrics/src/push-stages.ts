import { Histogram, type Registry } from "prom-client";

/** What happens between an event of a watch and the proxies that have taken in what follows from it. */
export type PushStage =
  /** An event waits for others that may come with it. */
  | "event"
  /** What the events say is brought into the model. */
  | "model"
  | "translate"
  | "encode"
  /** A proxy's connection takes what is new. */
  | "sent"
  /** The proxy answers that it has taken it in. */
  | "acknowledged";

const name = "meshwright_push_stage_seconds";
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Returns what notes down, in the histogram `meshwright_push_stage_seconds{stage}`, how long a stage took. The stages belong
 * to different parts of a process: each asks for itself, and all share the one histogram of the registry.
 */
export function pushStages(registry: Registry): (stage: PushStage, durationMs: number) => void {
  const known = registry.getSingleMetric(name);
  const histogram = known instanceof Histogram ? known : register(registry);
  return (stage, durationMs) => histogram.observe({ stage }, durationMs / 1000);
}

function register(registry: Registry): Histogram<"stage"> {
  return new Histogram({
    name,
    help: "How long each stage of a push took, in seconds.",
    labelNames: ["stage"],
    buckets,
    registers: [registry],
  });
}
