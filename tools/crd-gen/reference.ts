import type { Catalogue } from "@meshwright/operator/api/catalogue";
import type { Definition } from "@meshwright/operator/api/custom-resource-definition";
import type { kinds as ourKinds } from "@meshwright/operator/api/definitions";
import type { ObjectNode } from "@meshwright/operator/api/schema/node";
import { conditionMeanings, conditionTypes } from "@meshwright/operator/status/conditions";
import { type FieldRow, fieldRows, isObject } from "./fields.ts";
import { reasonUses } from "./reasons.ts";
import { table } from "./table.ts";

type Kind = (typeof ourKinds)[number];

/** Renders the reference of our kinds as Markdown, from their schemas, the operator's conditions and the catalogue. */
export function reference(kinds: readonly Kind[], versions: Catalogue): string {
  return [introduction(kinds), ...kinds.flatMap(kindSections), conditions(), catalogue(versions)].join("\n");
}

function introduction(kinds: readonly Kind[]): string {
  const rows = kinds.map(({ definition: { spec } }) => {
    const [{ schema }] = spec.versions;
    return [code(spec.names.kind), spec.names.shortNames.map(code).join(", "), schema.openAPIV3Schema.description];
  });
  return `# API

Group \`meshwright.dev\`, version \`v1\`; every kind is of the whole cluster.

${table(["Kind", "Short", "What it is"], rows)}
The API server checks the constraints when an object is written. It drops fields that it does not know; \`kubectl apply\` refuses them.
Where a MeshInstall says nothing, its profile says what holds, and where that says nothing the default; \`status.settings\` shows the outcome.
`;
}

function kindSections({ definition, spec, status }: Kind): readonly string[] {
  const { names, versions } = definition.spec;
  const [{ schema, additionalPrinterColumns }] = versions;
  const { "x-kubernetes-validations": rules = [] } = schema.openAPIV3Schema;
  return [
    `## ${names.kind}\n\n${rules.map(({ message }) => `- ${message}.\n`).join("")}`,
    ...section("spec", spec),
    ...section("status", status),
    columns(names.plural, additionalPrinterColumns),
  ];
}

/** An object's own fields, then a section for each object inside of it. */
function section(path: string, node: ObjectNode): readonly string[] {
  const entries = Object.entries(node.properties);
  const objects = entries.flatMap(([name, child]) => (isObject(child) ? [{ name, child }] : []));
  const own = Object.fromEntries(entries.filter(([, child]) => !isObject(child)));
  return [
    `### ${code(path)}\n\n${node.description}\n\n${fields({ ...node, properties: own })}`,
    ...objects.map(({ name, child }) => `#### ${code(`${path}.${name}`)}\n\n${child.description}\n\n${fields(child)}`),
  ];
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

function columns(plural: string, printed: Definition["spec"]["versions"][0]["additionalPrinterColumns"]): string {
  const rows = printed.map(({ name, description, jsonPath, priority }) => [
    name,
    priority === undefined ? description : `${description} With \`-o wide\`.`,
    code(jsonPath),
  ]);
  return `### Columns of \`kubectl get ${plural}\`\n\n${table(["Column", "Shows", "Path"], rows)}`;
}

function catalogue(versions: Catalogue): string {
  const rows = versions.map(({ version, kubernetes: { range, tested }, proxies, endOfLife = "", images }) => [
    code(version),
    code(range),
    tested.join(", "),
    proxies.minorsBehind === 0 ? "its own minor" : `its own minor, or ${proxies.minorsBehind} before`,
    endOfLife,
    Object.values(images).map(code).join(", "),
  ]);
  return `## Versions

What this operator can install: the values of \`spec.version\`; \`v1.1-latest\` and the like stand for the newest of a minor version.

${table(["Version", "Meant for Kubernetes", "Tested on", "Serves proxies of", "End of life", "Images"], rows)}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
