import { group } from "./mesh-install.ts";
import type { ObjectNode, Rule, SchemaNode } from "./schema/node.ts";

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  /** 1: only with `-o wide`. */
  readonly priority?: 1;
  readonly description: string;
}

/** What the CustomResourceDefinitions of our kinds do not share. */
export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly description: string;
  readonly spec: SchemaNode;
  readonly status: SchemaNode;
  readonly rules: readonly Rule[];
  readonly columns: readonly Column[];
}

export const ageColumn: Column = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "Since when it exists.",
};

/** The CustomResourceDefinition of a cluster-scoped kind, ready to be written as YAML. */
export function customResourceDefinition({ kind, plural, shortName, columns, ...rest }: Kind) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: { "app.kubernetes.io/part-of": "meshwright" } },
    spec: {
      group,
      scope: "Cluster",
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: [shortName],
        categories: ["meshwright"],
      },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schemaOf(kind, rest) },
          subresources: { status: {} },
          additionalPrinterColumns: columns,
        },
      ],
    },
  } as const;
}

export type Definition = ReturnType<typeof customResourceDefinition>;

type Root = Omit<ObjectNode, "properties"> & { readonly properties: Readonly<Record<string, unknown>> };

function schemaOf(
  kind: string,
  { description, spec, status, rules }: Pick<Kind, "description" | "spec" | "status" | "rules">,
): Root {
  return {
    type: "object",
    description,
    properties: {
      apiVersion: { type: "string", description: "Version of this API." },
      kind: { type: "string", description: `${kind}.` },
      metadata: { type: "object" },
      spec,
      status,
    },
    ...(rules.length === 0 ? {} : { "x-kubernetes-validations": rules }),
  };
}
