import type { PushStage } from "@meshwright/metrics/push-stages";

/** Short names of the types of resources, as in Istio's metrics. */
export type ResourceType = "cds" | "eds" | "lds" | "rds" | "sds";

/** The stages before a resource is served. */
export type ModelStage = Extract<PushStage, "event" | "model" | "translate" | "encode">;

/** Told what the control plane does before it serves: how much, and how long it takes. */
export interface PushObserver {
  /** A resource was translated and encoded. */
  encoded(type: ResourceType, sizeBytes: number): void;
  /** A batch of changes went through a stage. */
  staged(stage: ModelStage, durationMs: number): void;
  /** Something could not be derived from an object: what was made of it before stays, all others go on. Our mistake, not the user's. */
  failed(error: Error): void;
}

/** Keeps to itself what it is told, but for failures. */
export const silentObserver: PushObserver = {
  encoded: () => undefined,
  staged: () => undefined,
  failed: (error) => {
    throw error;
  },
};
