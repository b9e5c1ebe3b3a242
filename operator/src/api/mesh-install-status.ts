import { choice, counter, list, object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";

const condition = object(
  {
    type: string({ description: "Name of the condition.", maxLength: 316 }),
    status: choice(["True", "False", "Unknown"], { description: "Whether it holds." }),
    observedGeneration: counter({ description: "metadata.generation that it speaks of." }),
    lastTransitionTime: string({ description: "When the status last changed.", format: "date-time" }),
    reason: string({ description: "Why, as one CamelCase word.", minLength: 1, maxLength: 1024 }),
    message: string({ description: "Why, as a sentence for people.", maxLength: 32_768 }),
  },
  { description: "A condition." },
);

/** Status of a MeshInstall. */
export const meshInstallStatus = object(
  {
    observedGeneration: counter({ description: "metadata.generation that this status speaks of.", optional: true }),
    phase: choice(["Installing", "Upgrading", "Ready", "Degraded", "Stalled", "Uninstalling"], {
      description: "The conditions in one word.",
      optional: true,
    }),
    version: string({ description: "Version that last was completely ready.", optional: true }),
    activeRevision: string({
      description: "Revision that injects new pods, as in the label istio.io/rev.",
      optional: true,
    }),
    conditions: list(condition, {
      description:
        "Ready, Reconciling, Stalled (as kstatus has them), Reconciled (everything was applied) and DependenciesHealthy (what the mesh needs but does not own).",
      mapKeys: ["type"],
      optional: true,
    }),
  },
  { description: "What is observed.", optional: true },
);

export type MeshInstallStatus = Infer<typeof meshInstallStatus>;
export type Condition = Infer<typeof condition>;
export type Phase = NonNullable<MeshInstallStatus["phase"]>;
