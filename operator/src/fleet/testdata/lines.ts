import type { FleetProxy, FleetReplica, FleetType } from "@meshwright/contract/fleet";
import type { Reading } from "../reading.ts";

export const cluster = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

export const replica: FleetReplica = {
  kind: "replica",
  replica: "meshd-1",
  revision: "default",
  version: "v1.1.0",
  trustBundle: "hash",
};

/** One that has acknowledged everything, but for what is given. */
export function proxy(over: Partial<FleetType> = {}): FleetProxy {
  return {
    kind: "proxy",
    node: "sidecar~198.18.128.5~web-1.shop~shop.svc.cluster.local",
    identity: "spiffe://cluster.local/ns/shop/sa/web",
    namespace: "shop",
    pod: "web-1",
    envoyVersion: "1.40.0",
    version: "v1.1.0",
    connectedAt: "2030-01-01T00:00:00.000Z",
    certificate: { serial: "0a", issuer: "O=cluster.local" },
    trustBundle: "hash",
    types: {
      [cluster]: {
        sent: "3",
        acknowledged: "3",
        waitingMs: 0,
        isSettled: (over.waitingMs ?? 0) === 0,
        rejected: [],
        ...over,
      },
    },
  };
}

export const web = { apiVersion: "v1", kind: "Service", namespace: "shop", name: "web" };

export function reading(over: Partial<Reading> = {}): Reading {
  return {
    replica: "meshd-1",
    version: "v1.1.0",
    connected: 0,
    settledByVersion: new Map(),
    byVersion: new Map(),
    stale: 0,
    rejecting: 0,
    rejections: [],
    ...over,
  };
}
