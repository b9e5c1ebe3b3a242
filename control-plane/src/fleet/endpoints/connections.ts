import type { FleetProxy } from "@meshwright/contract/fleet";
import { type Answer, arrayPieces, type Endpoint, scopeOf } from "./endpoint.ts";
import { findProxy, proxyId } from "./proxy-id.ts";

/**
 * Who is connected. Source: `AdsClients`, https://github.com/istio/istio/blob/1.27.0/pilot/pkg/xds/debug.go
 */
export const connections: Endpoint = {
  path: "/debug/connections",
  help: "proxies connected to this replica (?namespace=)",
  answer: (query, access, { proxies }) => {
    const scope = scopeOf(query, access);
    return scope.kind === "refused" ? scope : clients(proxies(scope.namespace));
  },
};

/** The same with what each is known for; one proxy, if one is named. */
export const adsz: Endpoint = {
  path: "/debug/adsz",
  help: "proxies connected to this replica, or one of them (?proxyID=<pod>.<namespace>, ?namespace=)",
  answer: (query, access, sources) => {
    if (!query.has("proxyID")) return connections.answer(query, access, sources);
    const proxy = findProxy(query, access, sources);
    return proxy.kind === "refused" ? proxy : clients([proxy]);
  },
};

function clients(proxies: Iterable<FleetProxy>): Answer {
  return { kind: "answer", contentType: "application/json", pieces: pieces(proxies) };
}

/** The total comes last: it is known when all were told. */
function* pieces(proxies: Iterable<FleetProxy>): Iterable<string> {
  let total = 0;
  const clientOf = (proxy: FleetProxy): object => {
    total += 1;
    return client(proxy);
  };
  yield '{"clients":';
  yield* arrayPieces(Iterator.from(proxies).map(clientOf));
  yield `,"totalClients":${total}}\n`;
}

function client(proxy: FleetProxy): object {
  const { node, identity, envoyVersion, connectedAt } = proxy;
  return {
    connectionId: `${proxyId(proxy)}-${node}`,
    connectedAt,
    address: node.split("~")[1] ?? "",
    metadata: { ENVOY_VERSION: envoyVersion, IDENTITY: identity },
  };
}
