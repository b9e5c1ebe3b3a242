import { ageColumn, type Column, customResourceDefinition } from "./custom-resource-definition.ts";
import { meshInstallSpec, persistedFields } from "./mesh-install-spec.ts";
import { meshInstallStatus } from "./mesh-install-status.ts";
import { meshRevisionSpec } from "./mesh-revision-spec.ts";
import { meshRevisionStatus } from "./mesh-revision-status.ts";
import { meshRevisionTagSpec } from "./mesh-revision-tag-spec.ts";
import { meshRevisionTagStatus } from "./mesh-revision-tag-status.ts";
import type { Rule } from "./schema/node.ts";
import { storedSchema } from "./schema/stored.ts";

/** Names of objects are made of it, and must fit a DNS label of 63 characters. */
function nameRule(longest: number): Rule {
  const wanted = `a DNS label of at most ${longest} characters, as default`;
  return {
    rule: `self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,${longest - 2}}[a-z0-9])?$')`,
    message: `metadata.name must be ${wanted}`,
    messageExpression: `'metadata.name is "' + self.metadata.name + '": use ${wanted}'`,
  };
}

function condition(type: string): string {
  return `.status.conditions[?(@.type=="${type}")]`;
}

const ready = condition("Ready");

const installColumns: readonly Column[] = [
  { name: "Version", type: "string", jsonPath: ".spec.version", description: "Version asked for." },
  {
    name: "Active Revision",
    type: "string",
    jsonPath: ".status.activeRevision",
    description: "Revision that last was ready.",
  },
  { name: "Installed", type: "string", jsonPath: ".status.version", description: "Version that last was ready." },
  { name: "Phase", type: "string", jsonPath: ".status.phase", description: "The conditions in one word." },
  { name: "Ready", type: "string", jsonPath: `${ready}.status`, description: "Whether the mesh is ready." },
  { name: "Reason", type: "string", jsonPath: `${ready}.reason`, description: "Why." },
  {
    name: "In Use",
    type: "integer",
    jsonPath: ".status.revisions.inUse",
    description: "Revisions that anything uses.",
  },
  {
    name: "Connected",
    type: "integer",
    jsonPath: ".status.proxies.connected",
    description: "Proxies that are connected.",
  },
  {
    name: "On Target",
    type: "integer",
    jsonPath: ".status.proxies.onTarget",
    description: "Those that have all of the wanted version's configuration.",
  },
  {
    name: "Stale",
    type: "integer",
    jsonPath: ".status.proxies.stale",
    description: "Those that have not answered for more than 30 s.",
  },
  {
    name: "Rejecting",
    type: "integer",
    jsonPath: ".status.proxies.rejecting",
    description: "Those that reject some of it.",
  },
  {
    name: "Certs",
    type: "string",
    jsonPath: ".status.certificates.rootExpires",
    description: "When the mesh's root certificate expires.",
  },
  { name: "Message", type: "string", jsonPath: `${ready}.message`, priority: 1, description: "Why, in a sentence." },
  ageColumn,
];

const revisionColumns: readonly Column[] = [
  { name: "Version", type: "string", jsonPath: ".spec.version", description: "Its version." },
  { name: "Ready", type: "string", jsonPath: `${ready}.status`, description: "Whether it serves and injects." },
  { name: "Reason", type: "string", jsonPath: `${ready}.reason`, description: "Why." },
  {
    name: "In Use",
    type: "string",
    jsonPath: `${condition("InUse")}.status`,
    description: "Whether anything uses it.",
  },
  { name: "Pods", type: "integer", jsonPath: ".status.users.pods", description: "Pods that it injected." },
  {
    name: "Connected",
    type: "integer",
    jsonPath: ".status.proxies.connected",
    description: "Proxies that are connected.",
  },
  {
    name: "Message",
    type: "string",
    jsonPath: `${condition("InUse")}.message`,
    priority: 1,
    description: "What uses it.",
  },
  ageColumn,
];

const tagColumns: readonly Column[] = [
  { name: "Target", type: "string", jsonPath: ".spec.targetRef.name", description: "What it is to stand for." },
  { name: "Revision", type: "string", jsonPath: ".status.revision", description: "Revision it stands for now." },
  { name: "Ready", type: "string", jsonPath: `${ready}.status`, description: "Whether the two are the same." },
  { name: "Reason", type: "string", jsonPath: `${ready}.reason`, description: "Why." },
  {
    name: "In Use",
    type: "string",
    jsonPath: `${condition("InUse")}.status`,
    description: "Whether a label names it.",
  },
  { name: "Message", type: "string", jsonPath: `${ready}.message`, priority: 1, description: "Why, in a sentence." },
  ageColumn,
];

/** The CustomResourceDefinition of MeshInstall. */
export const meshInstallDefinition = customResourceDefinition({
  kind: "MeshInstall",
  plural: "meshinstalls",
  shortName: "mi",
  description: "MeshInstall installs a service mesh, keeps it healthy and upgrades it.",
  spec: storedSchema(meshInstallSpec.node, persistedFields),
  status: meshInstallStatus.node,
  rules: [nameRule(40)],
  columns: installColumns,
});

/** The CustomResourceDefinition of MeshRevision. */
export const meshRevisionDefinition = customResourceDefinition({
  kind: "MeshRevision",
  plural: "meshrevisions",
  shortName: "mrev",
  description:
    "MeshRevision is one control plane of the mesh, with the webhook that injects its pods. A MeshInstall makes and removes them.",
  spec: meshRevisionSpec.node,
  status: meshRevisionStatus.node,
  rules: [nameRule(57)],
  columns: revisionColumns,
});

/** The CustomResourceDefinition of MeshRevisionTag. */
export const meshRevisionTagDefinition = customResourceDefinition({
  kind: "MeshRevisionTag",
  plural: "meshrevisiontags",
  shortName: "mtag",
  description:
    "MeshRevisionTag is a name for a revision: what is labelled istio.io/rev=<tag> gets its sidecar from whatever revision the tag stands for.",
  spec: meshRevisionTagSpec.node,
  status: meshRevisionTagStatus.node,
  rules: [nameRule(57)],
  columns: tagColumns,
});

/** Our kinds, with the schemas that say every default, whoever fills it in. */
export const kinds = [
  { definition: meshInstallDefinition, spec: meshInstallSpec.node, status: meshInstallStatus.node },
  { definition: meshRevisionDefinition, spec: meshRevisionSpec.node, status: meshRevisionStatus.node },
  { definition: meshRevisionTagDefinition, spec: meshRevisionTagSpec.node, status: meshRevisionTagStatus.node },
] as const;
