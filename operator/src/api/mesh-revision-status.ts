import { counter, list, object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";
import { conditionList, observedGeneration, proxies } from "./status-fields.ts";

const users = object(
  {
    tags: counter({ description: "Tags that stand for the revision." }),
    namespaces: counter({ description: "Namespaces whose labels name it, or a tag of it." }),
    pods: counter({
      description: "Pods that it injected, or whose labels name it; those that have ended do not count.",
    }),
    connections: counter({
      description: "Proxies that are connected to it. Left out while a replica does not say.",
      optional: true,
    }),
    blockers: list(string({ description: 'What holds the revision, as `Namespace "shop"`.', maxLength: 512 }), {
      description: "What holds it: ten at most.",
      maxItems: 10,
      optional: true,
    }),
  },
  { description: "What uses the revision.", optional: true },
);

/** Status of a MeshRevision. */
export const meshRevisionStatus = object(
  {
    observedGeneration,
    users,
    proxies,
    conditions: conditionList(
      "Ready (it serves proxies and injects pods), Active (the MeshInstall asks for it), DependenciesHealthy (the node agent works and is no older), Injecting (its webhook answers), Reconciled (everything was applied) and InUse (something refers to it or is connected to it).",
    ),
  },
  { description: "What is observed.", optional: true },
);

export type MeshRevisionStatus = Infer<typeof meshRevisionStatus>;
