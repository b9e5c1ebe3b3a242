import type { MeshConfig } from "@meshwright/contract/mesh-config";
import type { AccessLogLine, MeshSettings } from "../model/mesh-settings.ts";

/**
 * Reads what the translation needs of the mesh's settings.
 *
 * @param version the control plane's own version, as `v1.1.0`: what it tells proxies changes only with it
 */
export function readMeshSettings(config: MeshConfig, version: string): MeshSettings {
  return {
    trustDomain: config.trustDomain,
    clusterDomain: config.clusterDomain,
    mtls: config.mtls === "Strict" ? "strict" : "permissive",
    outboundTraffic: config.outboundTrafficPolicy === "AllowAny" ? "allowAny" : "registryOnly",
    accessLog: readAccessLog(config),
    countsAttempts: isSince(version, [1, 1]),
  };
}

function readAccessLog({ accessLog, accessLogFormat }: MeshConfig): AccessLogLine {
  if (!accessLog) return { kind: "none" };
  return accessLogFormat === undefined ? { kind: "default" } : { kind: "format", format: accessLogFormat };
}

/** Whether a version is at least `major.minor`; one without a number is a development build, which is the newest. */
function isSince(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, ownMajor, ownMinor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (ownMajor === undefined || ownMinor === undefined) return true;
  return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
}
