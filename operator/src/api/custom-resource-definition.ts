import { group } from "./mesh-install.ts";
import { meshInstallSpec } from "./mesh-install-spec.ts";
import { meshInstallStatus } from "./mesh-install-status.ts";
import type { ObjectNode, Rule } from "./schema/node.ts";

/** The revision is the install's name, and every name made from it must fit a DNS label of 63 characters. */
const nameRule: Rule = {
  rule: "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$')",
  message: "metadata.name must be a DNS label of at most 40 characters, as default",
  messageExpression:
    "'metadata.name is \"' + self.metadata.name + '\": use a DNS label of at most 40 characters, as default'",
};

const schema: Omit<ObjectNode, "properties"> & { readonly properties: Readonly<Record<string, unknown>> } = {
  type: "object",
  description: "MeshInstall installs a service mesh, keeps it healthy and upgrades it.",
  properties: {
    apiVersion: { type: "string", description: "Version of this API." },
    kind: { type: "string", description: "MeshInstall." },
    metadata: { type: "object" },
    spec: meshInstallSpec.node,
    status: meshInstallStatus.node,
  },
  "x-kubernetes-validations": [nameRule],
};

const ready = '.status.conditions[?(@.type=="Ready")]';

/** Columns of `kubectl get meshinstalls`. */
const printerColumns = [
  { name: "Version", type: "string", jsonPath: ".spec.version", description: "Version asked for." },
  { name: "Installed", type: "string", jsonPath: ".status.version", description: "Version that last was ready." },
  { name: "Phase", type: "string", jsonPath: ".status.phase", description: "The conditions in one word." },
  { name: "Ready", type: "string", jsonPath: `${ready}.status`, description: "Whether the mesh is ready." },
  { name: "Reason", type: "string", jsonPath: `${ready}.reason`, description: "Why." },
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
  { name: "Message", type: "string", jsonPath: `${ready}.message`, priority: 1, description: "Why, in a sentence." },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp", description: "Since when it exists." },
];

/** The CustomResourceDefinition of MeshInstall, ready to be written as YAML. */
export const meshInstallDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `meshinstalls.${group}`, labels: { "app.kubernetes.io/part-of": "meshwright" } },
  spec: {
    group,
    scope: "Cluster",
    names: {
      kind: "MeshInstall",
      listKind: "MeshInstallList",
      plural: "meshinstalls",
      singular: "meshinstall",
      shortNames: ["mi"],
      categories: ["meshwright"],
    },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: { status: {} },
        additionalPrinterColumns: printerColumns,
      },
    ],
  },
} as const;
