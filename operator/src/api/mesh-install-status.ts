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

const rejection = object(
  {
    objects: list(string({ description: 'An object, as `Service "shop/web"`.', maxLength: 1024 }), {
      description: "Objects of which it was made; none where it was made of the mesh's settings alone.",
      maxItems: 10,
      optional: true,
    }),
    resource: string({ description: "Name of the resource in the proxies' configuration.", maxLength: 1024 }),
    message: string({ description: "The proxies' own words.", maxLength: 1024 }),
  },
  { description: "A resource that proxies reject." },
);

const proxies = object(
  {
    connected: counter({ description: "Proxies connected to any replica of the control plane." }),
    onTarget: counter({
      description:
        "Those that are connected to a replica of spec.version and have acknowledged all that they were sent.",
    }),
    stale: counter({ description: "Those that have not acknowledged for more than 30 s what they were sent." }),
    rejecting: counter({ description: "Those that reject any of their configuration, and go on with what they had." }),
    rejected: list(rejection, {
      description: "What they reject, sorted by object: ten at most.",
      maxItems: 10,
      optional: true,
    }),
  },
  {
    description: "The proxies of the mesh. Left out while a replica does not say who is connected to it.",
    optional: true,
  },
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
    proxies,
    conditions: list(condition, {
      description:
        "Ready, Reconciling, Stalled (as kstatus has them), Reconciled (everything was applied), DependenciesHealthy (what the mesh needs but does not own) and ProxiesHealthy (what proxies make of their configuration).",
      mapKeys: ["type"],
      optional: true,
    }),
  },
  { description: "What is observed.", optional: true },
);

export type MeshInstallStatus = Infer<typeof meshInstallStatus>;
export type Condition = Infer<typeof condition>;
export type Phase = NonNullable<MeshInstallStatus["phase"]>;
