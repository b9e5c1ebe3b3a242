import { object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";
import { conditionList, observedGeneration } from "./status-fields.ts";

/** Status of a MeshRevisionTag. */
export const meshRevisionTagStatus = object(
  {
    observedGeneration,
    revision: string({ description: "Revision that injects the pods of the tag now.", optional: true }),
    conditions: conditionList(
      "Ready (the tag stands for what its target says, and that revision injects) and InUse (a label names the tag).",
    ),
  },
  { description: "What is observed.", optional: true },
);

export type MeshRevisionTagStatus = Infer<typeof meshRevisionTagStatus>;
