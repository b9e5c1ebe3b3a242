/**
 * One node of a structural schema: only what a CustomResourceDefinition accepts can be said. In particular there is no
 * `$ref`, no `oneOf` of types, and no node without a type.
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export type SchemaNode = StringNode | IntegerNode | BooleanNode | IntOrStringNode | ArrayNode | MapNode | ObjectNode;

interface Common {
  readonly description: string;
  readonly default?: unknown;
  readonly "x-kubernetes-validations"?: readonly Rule[];
}

/** A CEL rule; a rule that names `oldSelf` runs on updates only. */
export interface Rule {
  readonly rule: string;
  /** Names the field and the fix. */
  readonly message: string;
  /** CEL expression of a string, to show values; `message` stands in where it fails. */
  readonly messageExpression?: string;
  readonly reason?: "FieldValueInvalid" | "FieldValueForbidden" | "FieldValueRequired" | "FieldValueDuplicate";
}

export interface StringNode extends Common {
  readonly type: "string";
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: "date-time";
}

export interface IntegerNode extends Common {
  readonly type: "integer";
  readonly format: "int32" | "int64";
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface BooleanNode extends Common {
  readonly type: "boolean";
}

/** A Kubernetes quantity: `1`, `100m`, `1Gi`. The one place where Kubernetes allows a node two types. */
export interface IntOrStringNode extends Common {
  readonly "x-kubernetes-int-or-string": true;
  readonly anyOf: readonly [{ readonly type: "integer" }, { readonly type: "string" }];
  readonly pattern: string;
}

export interface ArrayNode extends Common {
  readonly type: "array";
  readonly items: SchemaNode;
  readonly maxItems?: number;
  readonly "x-kubernetes-list-type": "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
}

export interface MapNode extends Common {
  readonly type: "object";
  readonly additionalProperties: SchemaNode;
  readonly maxProperties?: number;
}

export interface ObjectNode extends Common {
  readonly type: "object";
  readonly properties: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
}
