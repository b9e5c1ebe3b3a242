/** What a folder may import, and whether it must be pure. Folders are matched by their longest prefix. */
export interface Layer {
  /** Folder, relative to the repository. */
  readonly folder: string;
  /** Folders of the same workspace that it may import (itself is always allowed). */
  readonly mayImport: readonly string[];
  /** Our own packages that it may import. */
  readonly packages: readonly string[];
  /** No I/O, clock, randomness, environment, logger or async (design, section 3). */
  readonly pure?: boolean;
}

const everyPackage = ["collections", "contract", "kube", "log", "metrics", "pki", "rpc-api", "xds-api"];

/**
 * The import law of the design's section 3. A file of a folder that is not named here fails the check, so that a new
 * folder is a decision and not an accident.
 */
export const law: readonly Layer[] = [
  { folder: "lib/collections/src", mayImport: [], packages: [], pure: true },
  { folder: "lib/contract/src", mayImport: [], packages: [], pure: true },
  { folder: "lib/kube/src", mayImport: [], packages: ["log", "metrics"] },
  { folder: "lib/log/src", mayImport: [], packages: [] },
  { folder: "lib/metrics/src", mayImport: [], packages: ["log"] },
  { folder: "lib/pki/src", mayImport: [], packages: ["contract"] },
  { folder: "lib/rpc-api/src", mayImport: [], packages: [] },
  { folder: "lib/xds-api/src", mayImport: [], packages: [] },
  { folder: "lib/testing/src", mayImport: [], packages: everyPackage },

  { folder: "control-plane/src/model", mayImport: [], packages: [], pure: true },
  { folder: "control-plane/src/watch", mayImport: ["model"], packages: ["kube", "contract", "log"] },
  { folder: "control-plane/src/translate", mayImport: ["model"], packages: ["xds-api", "contract"], pure: true },
  { folder: "control-plane/src/serve", mayImport: [], packages: ["xds-api", "rpc-api", "contract", "log", "metrics"] },
  {
    folder: "control-plane/src/snapshot",
    mayImport: ["model", "translate", "serve"],
    packages: ["collections", "xds-api", "contract", "log", "metrics"],
  },
  {
    folder: "control-plane/src/fleet",
    mayImport: ["model", "serve"],
    packages: ["xds-api", "kube", "contract", "log", "metrics"],
  },
  { folder: "control-plane/src/ca", mayImport: [], packages: ["pki", "kube", "rpc-api", "contract", "log", "metrics"] },
  { folder: "control-plane/src/webhook/inject", mayImport: [], packages: ["contract"], pure: true },
  { folder: "control-plane/src/webhook", mayImport: [], packages: ["contract", "log", "metrics"] },

  { folder: "operator/src/api", mayImport: [], packages: ["contract"], pure: true },
  { folder: "operator/src/observe", mayImport: ["api"], packages: ["kube", "contract", "log"] },
  { folder: "operator/src/fleet", mayImport: ["observe/types"], packages: ["kube", "contract", "log"] },
  { folder: "operator/src/plan", mayImport: ["api", "observe/types"], packages: ["contract"], pure: true },
  { folder: "operator/src/status", mayImport: ["api", "plan", "observe/types"], packages: ["contract"], pure: true },
  {
    folder: "operator/src/apply",
    mayImport: ["api", "plan", "status/object-marks"],
    packages: ["kube", "contract", "log", "pki"],
  },
  {
    folder: "operator/src/controllers",
    mayImport: ["api", "fleet", "observe", "plan", "apply", "status"],
    packages: ["kube", "contract", "log", "metrics"],
  },

  { folder: "proxy/src/bootstrap", mayImport: [], packages: ["contract", "xds-api"], pure: true },
  { folder: "proxy/src/redirect", mayImport: [], packages: ["contract"], pure: true },
  {
    folder: "proxy/src/agent",
    mayImport: ["bootstrap", "redirect"],
    packages: ["contract", "log", "metrics", "pki", "rpc-api"],
  },
  { folder: "proxy/src/cni", mayImport: [], packages: ["contract", "log"] },
  {
    folder: "proxy/src/csi",
    mayImport: ["agent", "redirect/capture"],
    packages: ["contract", "log", "metrics", "rpc-api"],
  },
];

/** Only these see everything of their workspace. */
export const composers: readonly string[] = [
  "control-plane/src/context.ts",
  "control-plane/src/debug-port.ts",
  "control-plane/src/injector.ts",
  "control-plane/src/main.ts",
  "operator/src/main.ts",
  "proxy/src/main.ts",
];
