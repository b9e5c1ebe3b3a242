import type { EndpointSlice, SliceEndpoint } from "../../model/endpoint-slice.ts";
import type { MeshSettings } from "../../model/mesh-settings.ts";
import type { PeerAuthentication, PolicyMode } from "../../model/peer-authentication.ts";
import type { Protocol } from "../../model/protocol.ts";
import type { Service } from "../../model/service.ts";
import type { Workload } from "../../model/workload.ts";

export const settings: MeshSettings = {
  trustDomain: "cluster.local",
  clusterDomain: "cluster.local",
  mtls: "permissive",
  outboundTraffic: "allowAny",
  accessLog: { kind: "none" },
  countsAttempts: true,
};

/** A Service of the namespace `shop` with one port, in front of the pods that carry its name as label `app`. */
export function service(name: string, protocol: Protocol = "http", port = 80): Service {
  return {
    namespace: "shop",
    name,
    addressing: { kind: "virtual", addresses: [`198.19.0.${name.charCodeAt(0)}`] },
    ports: [{ name: "", port, protocol, targetPort: { kind: "number", port: 8080 } }],
    selector: { app: name },
  };
}

/** A meshed pod of the namespace `shop` that runs as the service account of its app. */
export function workload(name: string, app: string): Workload {
  return {
    namespace: "shop",
    name,
    uid: name,
    serviceAccount: app,
    addresses: [addressOf(name)],
    labels: { app },
    names: { workload: app, app, version: "v1", canonicalService: app, canonicalRevision: "v1" },
    ports: [],
    isMeshed: true,
    isTerminating: false,
  };
}

/** A policy for the pods of an app in the namespace `shop`. */
export function policy(app: string, mode: PolicyMode): PeerAuthentication {
  const scope = { kind: "workload", namespace: "shop", labels: { app }, portModes: new Map() } as const;
  return { name: app, createdAt: "2026-01-01T00:00:00Z", scope, mode };
}

/** A slice of a Service with the given pods, all ready. */
export function slice(name: string, ofService: string, pods: readonly string[]): EndpointSlice {
  const ports = [{ name: "", port: 8080 }];
  return { namespace: "shop", name, service: ofService, ports, endpoints: pods.map(endpoint) };
}

function endpoint(pod: string): SliceEndpoint {
  const target = { kind: "pod", key: `shop/${pod}`, uid: pod } as const;
  return { address: addressOf(pod), isReady: true, target, zone: "" };
}

function addressOf(pod: string): string {
  return `198.18.128.${pod.charCodeAt(0)}`;
}
