import { choice, counter, list, object, string } from "./schema/build.ts";
import type { Infer } from "./schema/field.ts";
import { conditionList, observedGeneration, proxies } from "./status-fields.ts";

const revisions = object(
  {
    total: counter({ description: "Revisions that are installed." }),
    ready: counter({ description: "Those that are ready." }),
    inUse: counter({
      description: "Those that anything refers to or is connected to. Left out while that is not known.",
      optional: true,
    }),
  },
  { description: "The revisions of the mesh.", optional: true },
);

const setting = object(
  {
    field: string({ description: "Path in spec, as `controlPlane.replicas`.", maxLength: 256 }),
    value: string({ description: "What holds, as JSON.", maxLength: 4096 }),
    source: choice(["MeshInstall", "Profile", "Default"], { description: "Who says so." }),
  },
  { description: "A setting." },
);

const finding = object(
  {
    severity: choice(["Blocking", "Warning"], {
      description: "Blocking: the change of version waits until it is mended or accepted.",
    }),
    object: string({ description: 'What it is about, as `Node "worker-1"`.', maxLength: 1024 }),
    message: string({ description: "What is wrong, and how to mend it.", maxLength: 1024 }),
  },
  { description: "Something that pre-flight found." },
);

const preflight = object(
  {
    version: string({ description: "Version that the mesh was to go to.", maxLength: 64 }),
    findings: list(finding, { description: "What was found, blocking ones first: twenty at most.", maxItems: 20 }),
  },
  {
    description:
      "What was found in the cluster before the last change of version. Left out where none was asked for yet.",
    optional: true,
  },
);

const certificates = object(
  { rootExpires: string({ description: "When the mesh's root certificate expires.", format: "date-time" }) },
  { description: "The mesh's certificates.", optional: true },
);

/** Status of a MeshInstall. */
export const meshInstallStatus = object(
  {
    observedGeneration,
    phase: choice(["Installing", "Upgrading", "Ready", "Degraded", "Stalled", "Uninstalling"], {
      description: "The conditions in one word.",
      optional: true,
    }),
    version: string({ description: "Version that last was completely ready.", optional: true }),
    activeRevision: string({
      description: "Revision that the install last had completely ready, as in the label istio.io/rev.",
      optional: true,
    }),
    revisions,
    proxies,
    certificates,
    preflight,
    settings: list(setting, {
      description: "Every setting that holds: the MeshInstall's own over those of its profile over the defaults.",
      mapKeys: ["field"],
      maxItems: 256,
      optional: true,
    }),
    conditions: conditionList(
      "Ready, Reconciling, Stalled (as kstatus has them), Reconciled (everything was applied), DependenciesHealthy (what the mesh needs but does not own), ProxiesHealthy (what proxies make of their configuration), ReferencesResolved (labels name what there is) and Upgradeable (nothing is on its way).",
    ),
  },
  { description: "What is observed.", optional: true },
);

export type MeshInstallStatus = Infer<typeof meshInstallStatus>;
export type Phase = NonNullable<MeshInstallStatus["phase"]>;
