import type { Registry } from "prom-client";
import { byLabel, TalliedHistogram } from "./tallied-histogram.ts";

/** From what the API server says to what a proxy has taken: each stage is measured by the part that does it. */
export type PushStage = "event" | "model" | "translate" | "encode" | "sent" | "acknowledged";

type StageObserver = (stage: PushStage, seconds: number) => void;

const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const known = new WeakMap<Registry, StageObserver>();

/** The histogram of all stages, one for a registry whoever asks first; returns what takes a stage's time. */
export function pushStages(registry: Registry): StageObserver {
  const observer = known.get(registry) ?? createHistogram(registry);
  known.set(registry, observer);
  return observer;
}

function createHistogram(registry: Registry): StageObserver {
  const histogram = new TalliedHistogram<"stage">({
    name: "meshwright_push_stage_seconds",
    help: "Time of each stage of a push, in seconds; sent and acknowledged count from the change of a proxy's view.",
    labelNames: ["stage"],
    buckets,
    registers: [registry],
  });
  return byLabel((stage: PushStage) => histogram.series({ stage }));
}
