import type { FleetProxy, FleetReplica } from "@meshwright/contract/fleet";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import { type Endpoint, jsonArray, type Sources, scopeOf } from "./endpoint.ts";
import { proxyId } from "./proxy-id.ts";

/** Istio's name of each type. */
const types: readonly (readonly [name: string, type: TypeUrl])[] = [
  ["cluster", typeUrls.cluster],
  ["listener", typeUrls.listener],
  ["route", typeUrls.route],
  ["endpoint", typeUrls.endpoint],
];

/**
 * What Kiali and `istioctl proxy-status` read: nonces sent and acknowledged, by proxy.
 * Source: `SyncStatus`, https://github.com/istio/istio/blob/1.27.0/pilot/pkg/xds/debug.go
 */
export const syncz: Endpoint = {
  path: "/debug/syncz",
  help: "nonces sent to and acknowledged by each connected proxy (?namespace=)",
  answer: (query, access, sources) => {
    const scope = scopeOf(query, access);
    return scope.kind === "refused" ? scope : jsonArray(statuses(sources, scope.namespace));
  },
};

function* statuses({ replica, proxies }: Sources, namespace: string | undefined): Iterable<object> {
  const own = replica();
  for (const proxy of proxies(namespace)) yield status(proxy, own);
}

/** Istio leaves out what is empty. */
function status(proxy: FleetProxy, { version }: FleetReplica): object {
  const nonces = types.flatMap(([name, type]) => [
    [`${name}_sent`, proxy.types[type]?.sent ?? ""],
    [`${name}_acked`, proxy.types[type]?.acknowledged ?? ""],
  ]);
  return {
    cluster_id: "Kubernetes",
    proxy: proxyId(proxy),
    proxy_type: proxy.node.slice(0, proxy.node.indexOf("~")),
    proxy_version: proxy.envoyVersion,
    istio_version: version,
    ...Object.fromEntries(nonces.filter(([, nonce]) => nonce !== "")),
  };
}
