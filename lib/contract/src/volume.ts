/**
 * The contract between the injector, the node agent and the sidecar. It outlives any one version of the three:
 * the agent serves sidecars of every supported revision (design, "The sidecar without an agent").
 */

/** Inline ephemeral CSI driver that gives a pod its identity and configuration. */
export const csiDriverName = "identity.meshwright.dev";

/** Version of this contract, sent in the volume attribute `contract`. */
export const contractVersion = "1";

/** Where the sidecar's containers mount the volume. */
export const volumeMountPath = "/etc/meshwright";

/** User and group of the proxy; the redirect rules let its traffic pass, and only it reads the key. */
export const proxyUid = 1337;

/** Files in the volume, relative to its root. `identity/` is a directory whose `..data` link is swapped atomically. */
export const volumeFiles = {
  identityDir: "identity",
  certificate: "identity/tls.crt",
  privateKey: "identity/tls.key",
  trustBundle: "identity/ca.crt",
  /** Envoy SDS resource named `default`: the leaf certificate and its key, read from `identity/`. */
  certificateSds: "sds/default.json",
  /** Envoy SDS resource named `ROOTCA_FILE`: the bundle for the ADS connection itself, read from `identity/`. */
  trustBundleSds: "sds/rootca-file.json",
  bootstrap: "bootstrap.json",
  /** Rules that the pod's own init container loads, if it has one. */
  redirect: "redirect.nft",
  /** The same for a pod whose volume says `redirect: cni`; there is one of the two. */
  cniRedirect: "redirect-cni.nft",
} as const;

/** Names of the SDS secrets: the leaf (from file) and the trust bundle of data-plane contexts (over ADS). */
export const secretNames = { certificate: "default", trustBundle: "ROOTCA", adsTrustBundle: "ROOTCA_FILE" } as const;

/** Keys of the CSI volume attributes. All values are strings, and untrusted: a user can write a volume by hand. */
export const volumeAttributes = {
  contract: "contract",
  /** Revision whose control plane serves the sidecar; the agent derives `meshd-<revision>.<its namespace>.svc`. */
  revision: "revision",
  /** Version of the sidecar, as `v1.1.0`; absent: not known. */
  version: "version",
  /** JSON array of ProbeRoute. */
  probes: "probes",
  /** JSON of CaptureAttribute; absent: all TCP traffic of the pod goes through the sidecar, and nothing else. */
  capture: "capture",
  /** Who loads the rules: `init` (the default), a container of the pod's, or `cni`, the node's CNI plugin. */
  redirect: "redirect",
} as const;

/** Where the injector answers the API server; what pods ask for by a tag comes with the tag's name behind a slash. */
export const injectionPath = "/inject";

/** Name of the control plane's Service and Deployment for a revision. */
export function controlPlaneName(revision: string): string {
  return `meshd-${revision}`;
}

/** DNS name at which a revision's control plane is reached, and that its serving certificate carries. */
export function controlPlaneHost(revision: string, namespace: string): string {
  return `${controlPlaneName(revision)}.${namespace}.svc`;
}
