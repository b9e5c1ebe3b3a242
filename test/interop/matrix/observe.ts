import { parseSpiffeId } from "@meshwright/contract/identity";
import { addresses, clusterIps, hostPorts, ipv6Addresses, ipv6ClusterIps, nodePorts } from "../bed/addresses.ts";
import type { Bed } from "../bed/bed.ts";
import type { Pod } from "../bed/pod.ts";
import { type PortName, servicePort } from "../bed/service-ports.ts";
import type { Seen, Target } from "../programs/protocol.ts";
import type { Row } from "./row.ts";

/** What came of a row's conversation, in the words of its expectation; `detail` for whoever reads of a difference. */
export interface Observation {
  readonly kind: "answered" | "status" | "closed";
  readonly protocol?: string;
  readonly peer?: string;
  readonly status?: number;
  readonly detail?: string;
}

/** Has a row's conversation. */
export async function observe({ hosts }: Bed, row: Row): Promise<Observation> {
  const outcome = await hosts[row.from].speak(row.speak, target(row));
  switch (outcome.kind) {
    case "status":
      return outcome;
    case "failed":
      return { kind: "closed", detail: outcome.detail };
    case "answered":
      return { kind: "answered", protocol: outcome.seen.protocol, peer: await peer(outcome.seen, hosts[row.to]) };
  }
}

function target({ to, via, port }: Row): Target {
  const { port: declared, targetPort } = servicePort(port);
  switch (via) {
    case "Service":
      return { host: `${to}.shop.svc.cluster.local`, port: declared };
    case "short name":
      return { host: to, port: declared };
    case "ClusterIP":
      return { host: clusterIp(to, clusterIps), port: declared };
    case "IPv6-only Service":
      return { host: `${to}6.shop.svc.cluster.local`, port: declared };
    case "IPv6 ClusterIP":
      return { host: clusterIp(to, ipv6ClusterIps), port: declared };
    case "IPv6 StatefulSet peer":
      return { host: `${to}-0.peers6.shop.svc.cluster.local`, port: targetPort };
    case "IPv6 pod IP":
      return { host: ipv6Addresses[to], port: targetPort };
    case "headless Service":
      return { host: "peers.shop.svc.cluster.local", port: targetPort };
    case "StatefulSet peer":
      return { host: `${to}-0.peers.shop.svc.cluster.local`, port: targetPort };
    case "pod IP":
      return { host: addresses[to], port: targetPort };
    case "node port":
      return { host: addresses.node, port: onNode(nodePorts, port) };
    case "host port":
      return { host: addresses.node, port: onNode(hostPorts, port) };
    case "ExternalName":
      return {
        host: to === "outside" ? "partner.shop.svc.cluster.local" : "storefront.shop.svc.cluster.local",
        port: declared,
      };
    case "host name":
      return { host: "outside.example", port: declared };
  }
}

function clusterIp(to: Row["to"], byService: Readonly<Record<string, string>>): string {
  const found = byService[to];
  if (found === undefined) throw new Error(`cannot call "${to}" by its ClusterIP: it has no Service`);
  return found;
}

function onNode(byName: Readonly<Record<string, number>>, port: PortName): number {
  const found = byName[port];
  if (found === undefined) throw new Error(`cannot call port "${port}" by the node: it is not published`);
  return found;
}

/** Of a request the server itself is told; of bytes the sidecar knows that carried them. */
async function peer({ clientCertificate, isProxied, from }: Seen, server: Pod): Promise<string> {
  const uri = isProxied ? /URI=([^;,]+)/.exec(clientCertificate)?.[1] : await server.peerOf(from);
  if (uri === undefined || uri === "") return "nobody";
  return parseSpiffeId(uri)?.serviceAccount ?? uri;
}
