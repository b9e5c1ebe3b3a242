import type { Authority } from "@meshwright/pki/authority";
import { NodeNetwork } from "@meshwright/testing/node-network";
import { createAuthority } from "@meshwright/testing/volume";
import type { ServerName } from "../programs/catalog.ts";
import {
  addresses,
  clusterIps,
  dualAddress,
  hostPorts,
  ipv6Addresses,
  ipv6ClusterIps,
  ipv6OnlyClusterIps,
  nodePorts,
} from "./addresses.ts";
import { startProgram, stopProgram } from "./application.ts";
import { type BedSettings, startControlPlane } from "./control-plane.ts";
import type { PodName } from "./objects.ts";
import { Pod } from "./pod.ts";
import { servicePort, servicePorts, unnamedPorts } from "./service-ports.ts";

/** Every machine that has an application. */
export type HostName = PodName | "outside";

/** A small mesh on one node: real network namespaces, redirect rules, Envoys and applications, and our control plane. */
export interface Bed extends AsyncDisposable {
  readonly hosts: Readonly<Record<HostName, Pod>>;
}

const controlPlanePort = 15012;

const podServers = [...servicePorts, ...unnamedPorts].map(({ serves, targetPort }) => argument(serves, targetPort));

const outsideServers = [
  argument("http", 80),
  argument("tls", 443),
  argument("mysql", 3306),
  argument("http", 7000),
  argument("h2c", 7001),
  argument("bytes", 7003),
  argument("bytes", 9000),
  argument("http", 8099),
  argument("bytes", 9099),
  argument("tls", 9444),
  argument("udp", 5300),
];

/** Starts a bed; resolves when every sidecar is ready. */
export async function startBed(settings: BedSettings): Promise<Bed> {
  await using stack = new AsyncDisposableStack();
  const [authority, applicationAuthority] = [await createAuthority(), await createAuthority()];
  const node = stack.use(new NodeNetwork(`mw-node-${process.pid}`, dualAddress("node")));
  node.forward(forwards());
  const controlPlane = stack.use(await startControlPlane(authority, settings));
  const forwarder = [String(controlPlanePort), controlPlane.socket];
  stack.adopt(await startProgram(node.namespace, { uid: 0 }, "forward.ts", forwarder), stopProgram);

  const start = async (name: HostName, servers: readonly string[]): Promise<Pod> => {
    const namespace = node.addPod(`mw-${name}-${process.pid}`, dualAddress(name));
    const pod = stack.use(new Pod({ namespace, applicationAuthority }));
    await pod.startApplication(servers);
    return pod;
  };
  const hosts = {
    client: await start("client", []),
    web: await start("web", podServers),
    legacy: await start("legacy", podServers),
    outside: await start("outside", outsideServers),
  };
  await startSidecars(hosts, authority);
  const started = stack.move();
  return { hosts, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

async function startSidecars({ client, web }: Bed["hosts"], authority: Authority): Promise<void> {
  await Promise.all([client.startSidecar("client", authority), web.startSidecar("web", authority)]);
}

function argument(server: ServerName, port: number): string {
  return `${server}=${port}`;
}

/** What kube-proxy and the CNI's port mapping do on the node. */
function forwards() {
  const toService = (["web", "legacy"] as const).flatMap((name) =>
    servicePorts.flatMap(({ port, targetPort }) => [
      { address: clusterIps[name], port, to: { address: addresses[name], port: targetPort } },
      ...[ipv6ClusterIps[name], ipv6OnlyClusterIps[name]].map((address) => ({
        address,
        port,
        to: { address: ipv6Addresses[name], port: targetPort },
      })),
    ]),
  );
  const toPorts = [nodePorts, hostPorts].flatMap((byName) =>
    (["http", "tcp"] as const).map((name) => ({
      address: addresses.node,
      port: byName[name],
      to: { address: addresses.web, port: servicePort(name).targetPort },
    })),
  );
  return [...toService, ...toPorts];
}
