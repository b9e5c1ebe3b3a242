/** Short names of the types of resources, as in Istio's metrics. */
export type ResourceType = "cds" | "eds" | "lds" | "rds" | "sds";

/** What happens between an event of a watch and new resources. */
export type PushStage =
  /** An event waits for others that may come with it. */
  | "event"
  /** What the events say is brought into the model. */
  | "model"
  | "translate"
  | "encode";

/** Told what the control plane does before it serves: how much, and how long it takes. */
export interface PushObserver {
  /** A resource was translated and encoded. */
  encoded(type: ResourceType, sizeBytes: number): void;
  /** A batch of changes went through a stage. */
  staged(stage: PushStage, durationMs: number): void;
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
