import type { PeerAuthentication, PolicyMode, PolicyScope } from "../model/peer-authentication.ts";
import type { KubeMtls, KubePeerAuthentication } from "./kube-shapes.ts";

const modes: Readonly<Record<string, PolicyMode>> = {
  UNSET: "inherit",
  DISABLE: "disabled",
  PERMISSIVE: "permissive",
  STRICT: "strict",
};

/**
 * Reads a PeerAuthentication; undefined for one that has no effect: a policy of the mesh's own namespace is about the
 * whole mesh, and cannot select workloads.
 *
 * @param rootNamespace the mesh's own namespace
 */
export function readPeerAuthentication(
  object: KubePeerAuthentication,
  rootNamespace: string,
): PeerAuthentication | undefined {
  const { name, creationTimestamp = "" } = object.metadata;
  const scope = readScope(object, rootNamespace);
  return scope && { name, createdAt: creationTimestamp, scope, mode: readMode(object.spec?.mtls) };
}

function readScope({ metadata, spec }: KubePeerAuthentication, rootNamespace: string): PolicyScope | undefined {
  const { namespace = "" } = metadata;
  const labels = spec?.selector?.matchLabels ?? {};
  const isForAll = Object.keys(labels).length === 0;
  if (namespace === rootNamespace) return isForAll ? { kind: "mesh" } : undefined;
  if (isForAll) return { kind: "namespace", namespace };
  const ports = Object.entries(spec?.portLevelMtls ?? {});
  const portModes = new Map(ports.map(([port, mtls]) => [Number(port), readMode(mtls)]));
  return { kind: "workload", namespace, labels, portModes };
}

function readMode(mtls: KubeMtls | null | undefined): PolicyMode {
  return modes[mtls?.mode ?? "UNSET"] ?? "inherit";
}
