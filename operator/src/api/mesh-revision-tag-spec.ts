import { choice, object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";

/** Spec of a MeshRevisionTag. */
export const meshRevisionTagSpec = object(
  {
    targetRef: object(
      {
        kind: choice(["MeshInstall", "MeshRevision"], {
          description: "MeshInstall: the tag follows its active revision. MeshRevision: it stays at that revision.",
        }),
        name: string({ description: "Name of the object.", minLength: 1, maxLength: 63 }),
      },
      { description: "What the tag stands for." },
    ),
  },
  { description: "What the tag stands for." },
);

export type MeshRevisionTagSpec = Infer<typeof meshRevisionTagSpec>;
