import {
  type FleetProxy,
  type FleetRejection,
  type FleetType,
  maxRejectionChars,
  maxRejectionObjects,
  maxRejections,
} from "@meshwright/contract/fleet";
import { spiffeId } from "@meshwright/contract/identity";
import { secretNames } from "@meshwright/contract/volume";
import { type TypeUrl, typeUrls } from "@meshwright/xds-api/type-urls";
import type { Connected } from "../serve/proxy-table.ts";
import type { Rejected, Subscription } from "../serve/subscription.ts";
import type { ObjectReference } from "../serve/view.ts";

/** What a proxy says of itself must not make the view unreadable; the reader's own limit. */
const maxChars = 1024;

/** Writes down what is known of a connected proxy. */
export function fleetProxy(connected: Connected, nowMs: number): FleetProxy {
  const { node, peer, certificate, connectedAt, session } = connected;
  const known = Object.values(typeUrls).flatMap((type) => {
    const subscription = session.subscriptions.get(type);
    return subscription === undefined ? [] : [[type, fleetType(type, subscription, connected, nowMs)] as const];
  });
  return {
    kind: "proxy",
    node: cut(node.id),
    identity: spiffeId(peer),
    namespace: peer.namespace,
    pod: podOf(node.id),
    envoyVersion: cut(node.envoyVersion),
    connectedAt: connectedAt.toISOString(),
    certificate: { serial: cut(certificate.serial), issuer: cut(certificate.issuer) },
    trustBundle: session.subscriptions.get(typeUrls.secret)?.ackedVersion(secretNames.trustBundle) ?? "",
    types: Object.fromEntries(known),
  };
}

/** The node id was checked when it connected: `sidecar~<pod IP>~<pod>.<namespace>~…`, and namespaces have no dot. */
export function podOf(nodeId: string): string {
  const name = nodeId.split("~")[2] ?? "";
  return cut(name.slice(0, Math.max(0, name.lastIndexOf("."))));
}

function fleetType(type: TypeUrl, subscription: Subscription, connected: Connected, nowMs: number): FleetType {
  const { sentNonce = "", ackedNonce = "", rejected } = subscription;
  const sentAtMs = connected.sentAtMs.get(type) ?? nowMs;
  return {
    sent: sentNonce,
    acknowledged: ackedNonce,
    waitingMs: sentNonce === ackedNonce ? 0 : Math.max(0, Math.round(nowMs - sentAtMs)),
    rejected: [...rejected]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, maxRejections)
      .map(([name, rejection]) => fleetRejection(name, rejection, type, connected)),
  };
}

function fleetRejection(
  resource: string,
  { version, message }: Rejected,
  type: TypeUrl,
  { session }: Connected,
): FleetRejection {
  const origins = session.view.get(type)?.get(resource)?.origins ?? [];
  return {
    resource: cut(resource),
    version,
    message: message.slice(0, maxRejectionChars),
    objects: suspects(origins, message).slice(0, maxRejectionObjects),
  };
}

/** Of the many objects that share a route table Envoy often names one, by a domain: `<name>.<namespace>`. */
function suspects(origins: readonly ObjectReference[], message: string): readonly ObjectReference[] {
  const named = origins.filter(({ name, namespace }) => message.includes(`${name}.${namespace}`));
  return named.length > 0 ? named : origins;
}

function cut(text: string): string {
  return text.slice(0, maxChars);
}
