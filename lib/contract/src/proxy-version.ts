/**
 * Key in the metadata of Envoy's node under which the bootstrap says of which version the sidecar is: the control plane's that
 * injected it, whose image it runs. The volume tells the node agent (`volumeAttributes.version`).
 */
export const proxyVersionMetadata = "MESHWRIGHT_VERSION";

const pattern = /^v\d{1,5}\.\d{1,5}\.\d{1,5}(-[0-9a-z.-]{1,40})?$/;

/** Whether a text is a version as we name them, as `v1.1.0`. */
export function isProxyVersion(text: string): boolean {
  return pattern.test(text);
}

/** Reads a node's metadata. Untrusted; empty when it says nothing, as a bootstrap of an earlier agent, or no version. */
export function readProxyVersion(metadata: Readonly<Record<string, unknown>> | undefined): string {
  const version = metadata?.[proxyVersionMetadata];
  return typeof version === "string" && isProxyVersion(version) ? version : "";
}
