import type { FleetObject } from "@meshwright/contract/fleet";
import type { MeshInstallStatus } from "../api/mesh-install-status.ts";
import type { FleetState, ProxyRejection } from "../observe/types.ts";
import type { Finding } from "./conditions.ts";

/** More is no help: whoever has mended ten sees the others. */
export const maxNamed = 10;

/** Whoever runs more has other worries. */
const maxVersions = 32;

/** Envoy's words can be long; the proxies' status has them in full. */
const maxMessageChars = 400;

/** Counts of the fleet; undefined while they are not known, which is not zero. */
export function proxyCounts(fleet: FleetState): MeshInstallStatus["proxies"] {
  if (fleet.kind !== "known") return undefined;
  const { connected, onTarget, stale, rejecting } = fleet;
  const rejected = fleet.rejections.slice(0, maxNamed).map(({ resource, message, objects }) => ({
    objects: objects.map(objectName),
    resource,
    message: cut(message),
  }));
  const versions = fleet.versions
    .slice(0, maxVersions)
    .map(({ version, proxies }) => ({ version: version === "" ? "unknown" : version, proxies }));
  const told = versions.length > 0 ? { versions } : {};
  return { connected, onTarget, stale, rejecting, ...told, ...(rejected.length > 0 ? { rejected } : {}) };
}

/** Whether the proxies have what they are to have. */
export function proxiesHealthy(fleet: FleetState): Finding {
  switch (fleet.kind) {
    case "unasked":
      return {
        status: "Unknown",
        reason: "NoReplica",
        message: "no replica of the control plane serves: nobody knows of proxies",
      };
    case "unknown":
      return { status: "Unknown", reason: "ReplicaSilent", message: cut(fleet.detail) };
    case "known":
      return judge(fleet);
  }
}

function judge({ rejections, rejecting, stale }: Extract<FleetState, { kind: "known" }>): Finding {
  if (rejecting > 0) return { status: "False", reason: "ProxiesReject", message: rejectionsMessage(rejections) };
  if (stale > 0)
    return {
      status: "False",
      reason: "ProxiesStale",
      message: "proxies have not acknowledged for more than 30 s what they were sent: find them in the fleet view",
    };
  return { status: "True", reason: "ProxiesAcknowledge", message: "connected proxies acknowledge what they are sent" };
}

function rejectionsMessage(rejections: readonly ProxyRejection[]): string {
  const named = rejections.slice(0, maxNamed).map(rejectionMessage);
  return rejections.length > maxNamed ? `${named.join("; ")}; and more` : named.join("; ");
}

/** One rejection in a sentence. */
export function rejectionMessage({ resource, message, objects }: ProxyRejection): string {
  const made = objects.length === 0 ? "" : `, made of ${objects.map(objectName).join(", ")}`;
  return cut(`proxies reject "${resource}"${made}: ${message}`);
}

/** `Kind "namespace/name"`. */
export function objectName({ kind, namespace, name }: FleetObject): string {
  return `${kind} "${namespace === undefined ? "" : `${namespace}/`}${name}"`;
}

function cut(text: string): string {
  return text.length <= maxMessageChars ? text : `${text.slice(0, maxMessageChars)}...`;
}
