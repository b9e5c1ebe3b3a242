import type { JsonObject } from "@bufbuild/protobuf";
import type { PodIdentity } from "../mesh/objects.ts";
import type { Target } from "./clients/messages.ts";

/**
 * Whose control plane is measured: ours, istiod as it comes, istiod without its limits on new proxies and on pushes, and that
 * with settings by which it pushes as soon as ours.
 */
export const contenderNames = ["meshwright", "istio", "istio-raised", "istio-quick"] as const;

export type ContenderName = (typeof contenderNames)[number];

/** A control plane as a process of its own, that has seen the whole mesh. Disposing ends it. */
export interface ControlPlane extends AsyncDisposable {
  readonly pid: number;
  readonly target: Target;
}

/** How to start one. */
export interface Contender {
  readonly name: ContenderName;
  /** Resolves when it is ready. */
  start(): Promise<ControlPlane>;
  /** What a proxy says of itself. */
  metadata(pod: PodIdentity): JsonObject;
}
