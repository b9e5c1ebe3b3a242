import { versions } from "./gen/versions.ts";
import { dnsLabel, immutable, revisionFields } from "./revision-fields.ts";
import { boolean, choice, integer, object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";
import { resources, tolerations } from "./workload-spec.ts";

const [newest] = versions;

/** Names of the profiles, as in operator/profiles. */
export const profileNames = ["default", "minimal", "ha", "openshift", "demo"] as const;
export type ProfileName = (typeof profileNames)[number];

const updateStrategy = object(
  {
    type: choice(["InPlace", "RevisionBased"], {
      description:
        "InPlace: one revision, named like the MeshInstall, whose control plane is updated. RevisionBased: each version is a revision of its own beside the older ones, to which namespaces are moved by label or tag.",
      default: "InPlace",
    }),
    inactiveRevisionDeletionGracePeriodSeconds: integer({
      description:
        'How long a revision that is neither active nor in use stays, in seconds. The annotation meshwright.dev/keep: "true" on a MeshRevision keeps it for good.',
      default: 30,
      minimum: 0,
    }),
  },
  { description: "How the mesh goes from one version to another." },
);

/** A folder of the node: absolute, without a slash at its end. */
function nodeFolder(field: string, description: string, folder: string) {
  return string({
    description,
    default: folder,
    maxLength: 255,
    rules: [
      {
        rule: "self.matches('^(/[A-Za-z0-9._-]+)+$') && !self.contains('/..')",
        message: `${field} must be an absolute path without a slash at its end, as ${folder}`,
        messageExpression: `'${field} is "' + self + '": set it to an absolute path without a slash at its end, as ${folder}'`,
      },
    ],
  });
}

const nodeAgent = object(
  {
    kubeletDir: nodeFolder(
      "spec.nodeAgent.kubeletDir",
      "Root directory of the kubelets (their --root-dir).",
      "/var/lib/kubelet",
    ),
    resources,
    tolerations,
  },
  {
    description:
      "The node agent, which gives pods their identity. By default it runs on every Linux node, tainted or not.",
  },
);

/** CEL: whether an optional field is what it was. */
function isSame(field: string): string {
  const value = (object: string): string => `(has(${object}.${field}) ? ${object}.${field} : "")`;
  return `${value("self")} == ${value("oldSelf")}`;
}

const cni = object(
  {
    enabled: boolean({
      description:
        "Whether new pods leave their redirect to a chained CNI plugin, so that they need no init container with NET_ADMIN. Pods keep what they were created with; the plugin leaves the nodes after the last pod that needs it.",
      default: false,
    }),
    cniBinDir: nodeFolder("spec.cni.cniBinDir", "Folder of the nodes' CNI plugins.", "/opt/cni/bin"),
    cniConfDir: nodeFolder("spec.cni.cniConfDir", "Folder of the nodes' CNI configuration.", "/etc/cni/net.d"),
  },
  {
    description: "CNI mode: who loads the redirect rules of pods.",
    rules: [
      {
        rule: `!has(oldSelf.enabled) || !oldSelf.enabled || (${["cniBinDir", "cniConfDir"].map(isSame).join(" && ")})`,
        message:
          "spec.cni.cniBinDir and spec.cni.cniConfDir cannot change while spec.cni.enabled is true: the plugin would stay in the old folders; set enabled to false first",
        reason: "FieldValueForbidden",
      },
    ],
  },
);

const uninstall = object(
  {
    force: boolean({
      description:
        "Uninstall although meshed pods still run. They go on with the certificates they have; the node agent stays for them.",
      default: false,
    }),
  },
  { description: "What deleting the MeshInstall does." },
);

/** Spec of a MeshInstall. */
export const meshInstallSpec = object(
  {
    version: string({
      description:
        "Version to install: exact, as v1.1.0, or the newest of a minor version by an alias, as v1.1-latest. Another value upgrades. Left out: the newest one when the object is created.",
      default: newest.version,
      maxLength: 64,
    }),
    namespace: string({
      description: "Namespace of the control plane; it is created if missing. Immutable.",
      default: "mesh-system",
      pattern: dnsLabel,
      maxLength: 63,
      rules: [immutable("spec.namespace", "delete the MeshInstall and create it anew to move the mesh")],
    }),
    profile: choice(profileNames, {
      description: "Settings for a purpose, over which the MeshInstall's own settings stand.",
      default: "default",
    }),
    updateStrategy,
    ...revisionFields,
    nodeAgent,
    cni,
    uninstall,
  },
  { description: "What to install." },
);

/**
 * Fields that the API server fills in, so that neither a newer operator nor another profile changes what they were at the
 * creation. All others are filled in by the operator: what a profile sets is no default of the API server's.
 */
export const persistedFields: ReadonlySet<string> = new Set([
  "version",
  "namespace",
  "profile",
  "updateStrategy.type",
  "updateStrategy.inactiveRevisionDeletionGracePeriodSeconds",
  "mesh.trustDomain",
  "mesh.clusterDomain",
]);

/** With everything filled in. */
export type MeshInstallSpec = Infer<typeof meshInstallSpec>;
