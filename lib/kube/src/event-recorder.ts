import type { Logger } from "@meshwright/log/logger";
import type { KubeClient } from "./client.ts";
import type { KubeObject } from "./types.ts";

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** `reportingController`, as `meshwright.dev/operator`. */
  readonly controller: string;
  /** `reportingInstance`, as the pod's name. */
  readonly instance: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface EventFact {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  /** CamelCase. */
  readonly reason: string;
  /** What was done, CamelCase verb: `Reconcile`. */
  readonly action: string;
  /** One deterministic sentence; cut to 1 024 bytes as the API wants. */
  readonly note: string;
}

/** Writes Events in the background. */
export interface EventRecorder {
  /** Tells a fact; the same one again within the window only updates the Event's series. Never throws. */
  record(fact: EventFact): void;
  /** Resolves when everything recorded so far was written or given up. */
  flush(): Promise<void>;
}
