import { dnsLabel, immutable, revisionFields } from "./revision-fields.ts";
import { object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";

/** Spec of a MeshRevision. */
export const meshRevisionSpec = object(
  {
    version: string({
      description: "Exact version, as v1.1.0.",
      pattern: "^v[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9a-z.-]+)?$",
      maxLength: 64,
    }),
    namespace: string({
      description: "Namespace of the control plane. Immutable.",
      pattern: dnsLabel,
      maxLength: 63,
      rules: [immutable("spec.namespace", "create another MeshRevision instead")],
    }),
    ...revisionFields,
  },
  { description: "The revision: a MeshInstall writes it." },
);

export type MeshRevisionSpec = Infer<typeof meshRevisionSpec>;
