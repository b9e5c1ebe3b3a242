import type { Catalogue } from "@meshwright/operator/api/catalogue";
import type { meshInstallDefinition } from "@meshwright/operator/api/custom-resource-definition";
import type { ObjectNode, SchemaNode } from "@meshwright/operator/api/schema/node";
import { conditionMeanings, conditionTypes } from "@meshwright/operator/status/conditions";
import { type FieldRow, fieldRows, isObject } from "./fields.ts";
import { reasonUses } from "./reasons.ts";
import { table } from "./table.ts";

type Definition = typeof meshInstallDefinition;

/** Renders the reference of MeshInstall as Markdown, from its schema, the operator's conditions and the catalogue. */
export function reference(definition: Definition, versions: Catalogue): string {
  const [{ schema, additionalPrinterColumns }] = definition.spec.versions;
  const { properties } = schema.openAPIV3Schema;
  return [
    introduction(definition),
    ...section("spec", properties["spec"]),
    ...section("status", properties["status"]),
    conditions(),
    columns(additionalPrinterColumns),
    catalogue(versions),
  ].join("\n");
}

function introduction({ spec: { group, names, scope, versions } }: Definition): string {
  const [{ name, schema }] = versions;
  const { description, "x-kubernetes-validations": rules = [] } = schema.openAPIV3Schema;
  const short = names.shortNames.map(code).join(", ");
  return `# ${names.kind}

${description}

API ${code(`${group}/${name}`)}, scope ${scope}, plural ${code(names.plural)}, short ${short}. The name of a ${names.kind} is the name of its revision:
the control plane of ${code("default")} is the Deployment ${code("meshd-default")}.

${rules.map(({ message }) => `- ${message}.\n`).join("")}
The API server fills in the defaults and checks the constraints when the object is written. It drops fields that it does not know; \`kubectl apply\`
refuses them.
`;
}

/** An object's own fields, then a section for each object inside of it. */
function section(path: string, node: unknown): readonly string[] {
  if (!isSchema(node) || !isObject(node)) throw new Error(`cannot document ${path}: it is no object with known fields`);
  const entries = Object.entries(node.properties);
  const objects = entries.flatMap(([name, child]) => (isObject(child) ? [{ name, child }] : []));
  const own = Object.fromEntries(entries.filter(([, child]) => !isObject(child)));
  return [
    `## ${code(path)}\n\n${node.description}\n\n${fields({ ...node, properties: own })}`,
    ...objects.map(({ name, child }) => `### ${code(`${path}.${name}`)}\n\n${child.description}\n\n${fields(child)}`),
  ];
}

function isSchema(node: unknown): node is SchemaNode {
  return typeof node === "object" && node !== null && "description" in node;
}

function fields(node: ObjectNode): string {
  const cells = (row: FieldRow): readonly string[] => [
    code(row.path),
    row.type,
    row.default,
    row.constraints,
    row.description,
  ];
  return table(["Field", "Type", "Default", "Constraints", "Description"], fieldRows(node).map(cells));
}

function conditions(): string {
  const types = conditionTypes.map((type) => [code(type), conditionMeanings[type]]);
  const reasons = reasonUses().map(({ reason, uses, meaning }) => [
    code(reason),
    uses.length === 0 ? "Event" : uses.map(code).join(", "),
    meaning,
  ]);
  return `## Conditions

${table(["Condition", "True means"], types)}
Each condition has a reason, and a message that names the object, the field, the value and the fix. \`kubectl wait meshinstall/default --for=condition=Ready\`
waits for the whole mesh. Whenever the status or the reason of \`Ready\` changes, the operator records an Event with that reason and message;
a finished uninstall is an Event too, since the status goes with the object.

### Reasons

${table(["Reason", "Seen as", "Meaning"], reasons)}`;
}

function columns(printed: Definition["spec"]["versions"][0]["additionalPrinterColumns"]): string {
  const rows = printed.map(({ name, description, jsonPath, ...rest }) => [
    name,
    "priority" in rest ? `${description} With \`-o wide\`.` : description,
    code(jsonPath),
  ]);
  return `## Columns of \`kubectl get meshinstalls\`\n\n${table(["Column", "Shows", "Path"], rows)}`;
}

function catalogue(versions: Catalogue): string {
  const rows = versions.map(({ version, kubernetes: { range, tested }, images }) => [
    code(version),
    code(range),
    tested.join(", "),
    Object.values(images).map(code).join(", "),
  ]);
  return `## Versions

What this operator can install: the values of \`spec.version\`.

${table(["Version", "Meant for Kubernetes", "Tested on", "Images"], rows)}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
