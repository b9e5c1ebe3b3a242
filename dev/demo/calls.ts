import { defaultTrustDomain, spiffeId } from "@meshwright/contract/identity";
import type { Call, Expectation, Protocol, Workload } from "./call.ts";

/** Namespaces of the demo; the last one is not labelled for injection. */
export const namespaces = { shop: "demo-shop", echo: "demo-echo", plain: "demo-plain" } as const;

export const web: Workload = { namespace: namespaces.shop, name: "web" };
export const echo: Workload = { namespace: namespaces.echo, name: "echo" };
/** The same echo server without a sidecar, as a client that speaks plaintext. */
const plain: Workload = { namespace: namespaces.plain, name: "echo" };

/** The echo sample's Service ports. */
const echoPorts: Readonly<Record<Protocol, number>> = {
  http: 8080,
  ws: 8080,
  h2: 8081,
  grpc: 8082,
  tcp: 9000,
};

const protocols = ["http", "h2", "grpc", "ws", "tcp"] as const;

/** Every protocol from a meshed workload of another namespace, then the same as plaintext, which Strict refuses. */
export const calls: readonly Call[] = [
  ...protocols.map((protocol) => call(web, protocol, seenAs(web))),
  call(plain, "http", { kind: "refused" }),
  call(plain, "tcp", { kind: "refused" }),
];

function call(from: Workload, protocol: Protocol, expected: Expectation): Call {
  return { from, to: echo, port: echoPorts[protocol], protocol, expected };
}

function seenAs(workload: Workload): Expectation {
  return { kind: "served", peer: identityOf(workload) };
}

/** The samples' service accounts are named after their workloads. */
export function identityOf({ namespace, name }: Workload): string {
  return spiffeId({ trustDomain: defaultTrustDomain, namespace, serviceAccount: name });
}
