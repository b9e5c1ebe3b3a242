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
import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { Connected } from "../serve/proxy-table.ts";
import type { Rejected, Subscription } from "../serve/subscription.ts";
import type { ObjectReference } from "../serve/view.ts";

/** What a proxy says of itself must not make the view unreadable; the reader's own limit. */
const maxChars = 1024;

/** Writes down what is known of a connected proxy. */
export function fleetProxy(connected: Connected): FleetProxy {
  const { node, peer, certificate, connectedSince, subscriptions } = connected;
  const known = Object.values(typeUrls).flatMap((type) => {
    const subscription = subscriptions.get(type);
    return subscription === undefined ? [] : [[type, fleetType(subscription, connected.unansweredMs(type))] as const];
  });
  return {
    kind: "proxy",
    node: cut(node.id),
    identity: spiffeId(peer),
    namespace: peer.namespace,
    pod: podOf(node.id),
    envoyVersion: cut(node.envoyVersion),
    version: node.version ?? "",
    connectedAt: connectedSince.toISOString(),
    certificate: { serial: cut(certificate.serialNumber.toLowerCase()), issuer: cut(certificate.issuer) },
    trustBundle: subscriptions.get(typeUrls.secret)?.ackedVersion(secretNames.trustBundle) ?? "",
    types: Object.fromEntries(known),
  };
}

/** The node id was checked when it connected: `sidecar~<pod IP>~<pod>.<namespace>~…`, and namespaces have no dot. */
export function podOf(nodeId: string): string {
  const name = nodeId.split("~")[2] ?? "";
  return cut(name.slice(0, Math.max(0, name.lastIndexOf("."))));
}

function fleetType(subscription: Subscription, waitingMs: number): FleetType {
  const { sentNonce = "", ackedNonce = "", isSettled, rejected } = subscription;
  return {
    sent: sentNonce,
    acknowledged: ackedNonce,
    waitingMs: Math.max(0, Math.round(waitingMs)),
    isSettled,
    rejected: [...rejected]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, maxRejections)
      .map(([name, rejection]) => fleetRejection(name, rejection)),
  };
}

function fleetRejection(resource: string, { version, message, origins }: Rejected): FleetRejection {
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
