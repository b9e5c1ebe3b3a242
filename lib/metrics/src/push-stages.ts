import { Histogram, type Registry } from "prom-client";

/** From what the API server says to what a proxy has taken: each stage is measured by the part that does it. */
export type PushStage = "event" | "model" | "translate" | "encode" | "sent" | "acknowledged";

const name = "meshwright_push_stage_seconds";
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The histogram of all stages, one for a registry whoever asks first; returns what takes a stage's time. */
export function pushStages(registry: Registry): (stage: PushStage, seconds: number) => void {
  const known = registry.getSingleMetric(name);
  const histogram: Histogram<"stage"> = known instanceof Histogram ? known : createHistogram(registry);
  const observers = new Map<PushStage, Histogram.Internal<"stage">>();
  return (stage, seconds) => {
    const observer = observers.get(stage) ?? histogram.labels(stage);
    observers.set(stage, observer);
    observer.observe(seconds);
  };
}

function createHistogram(registry: Registry): Histogram<"stage"> {
  return new Histogram({
    name,
    help: "Time of each stage of a push, in seconds; sent and acknowledged count from the change of a proxy's view.",
    labelNames: ["stage"],
    buckets,
    registers: [registry],
  });
}
