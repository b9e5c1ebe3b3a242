import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { createAuthority, createVolume, type Volume } from "@meshwright/testing/volume";
import type { EndpointSlice, SliceEndpoint } from "../../model/endpoint-slice.ts";
import type { Service } from "../../model/service.ts";
import { adsService } from "../../serve/ads-service.ts";
import { serveRpc } from "../../serve/rpc-server.ts";
import { ServingCredentials } from "../../serve/serving-credentials.ts";
import { Snapshot } from "../../snapshot/snapshot.ts";
import { settings, workload } from "../../snapshot/testdata/mesh.ts";
import { workloadEnvironment } from "../../webhook/inject/workload-variables.ts";
import { type Addresses, type Caller, connectPods, layCable, Pod } from "./pod.ts";
import {
  floodProgram,
  grpcProgram,
  http2Program,
  httpProgram,
  rogueProgram,
  serverProgram,
  tcpProgram,
} from "./programs.ts";
import { relocatedViews } from "./relocated-views.ts";

/** Addresses of the Service `web`, behind which the server is. */
export const virtualAddresses: Addresses = { ipv4: "198.19.252.10", ipv6: "2001:db8:19:252::10" };
/** The client's on the cable to the pod without a sidecar. */
export const towardsPlain: Addresses = { ipv4: "198.18.252.5", ipv6: "2001:db8:18:252::5" };

const servers = ["http=8080", "h2=9090", "tcp=9000", "http=7000", "tcp=7001", "http=8085", "echo=9100", "grpc=9091"];

const web: Service = {
  namespace: "shop",
  name: "web",
  addressing: { kind: "virtual", addresses: Object.values(virtualAddresses) },
  selector: { app: "web" },
  ports: [
    { name: "http", port: 80, protocol: "http", targetPort: { kind: "number", port: 8080 } },
    { name: "grpc", port: 90, protocol: "grpc", targetPort: { kind: "number", port: 9090 } },
    { name: "grpc-calls", port: 91, protocol: "grpc", targetPort: { kind: "number", port: 9091 } },
    { name: "tcp", port: 9000, protocol: "tcp", targetPort: { kind: "number", port: 9000 } },
    { name: "auto-http", port: 7000, protocol: "auto", targetPort: { kind: "number", port: 7000 } },
    { name: "auto-tcp", port: 7001, protocol: "auto", targetPort: { kind: "number", port: 7001 } },
  ],
};

/** A headless Service of one pod with a sidecar and one without. */
const peers: Service = {
  namespace: "shop",
  name: "peers",
  addressing: { kind: "headless" },
  selector: { app: "peers" },
  ports: [
    { name: "http", port: 8080, protocol: "http", targetPort: { kind: "number", port: 8080 } },
    { name: "tcp", port: 9000, protocol: "tcp", targetPort: { kind: "number", port: 9000 } },
  ],
};

/** On the client's cable, and nobody has it. */
const nobody = "2001:db8:18:252::3";

/** Address of the Service `half`, whose first family does not lead to its pod. */
export const halfAddress = "2001:db8:19:252::20";

const half: Service = {
  namespace: "shop",
  name: "half",
  addressing: { kind: "virtual", addresses: [halfAddress, "198.19.252.20"] },
  selector: { app: "web" },
  ports: [{ name: "tcp", port: 9000, protocol: "tcp", targetPort: { kind: "number", port: 9000 } }],
};

/** Address of the Service `gone`, behind which there is nothing. */
export const goneAddress = "198.19.252.30";

const gone: Service = {
  namespace: "shop",
  name: "gone",
  addressing: { kind: "virtual", addresses: [goneAddress] },
  selector: { app: "gone" },
  ports: [{ name: "tcp", port: 9000, protocol: "tcp", targetPort: { kind: "number", port: 9000 } }],
};

const programs = { http: httpProgram, h2: http2Program, grpc: grpcProgram, tcp: tcpProgram } as const;

/** One attempt of the client. */
export interface Call {
  readonly by: keyof typeof programs;
  readonly to: string;
  readonly port: number;
  readonly host?: string;
  readonly from?: Caller;
}

export interface RogueCall {
  readonly port: number;
  readonly serverName: string;
  readonly introduction: string;
}

/**
 * Two pods with real sidecars that our own control plane configures over mTLS, and one without: what the translation
 * says, proven by what gets through and by what the application is told of its caller.
 */
export class Bed implements AsyncDisposable {
  readonly snapshot = new Snapshot();
  readonly #stack = new AsyncDisposableStack();
  readonly client = this.#stack.use(new Pod(`mw-client-${process.pid}`, podAddresses(1)));
  readonly server = this.#stack.use(new Pod(`mw-server-${process.pid}`, podAddresses(2)));
  /** Without a sidecar; only the client reaches it. */
  readonly plain = this.#stack.use(new Pod(`mw-plain-${process.pid}`, podAddresses(6)));

  #clientFolder = "";

  /** Starts everything; resolves when both sidecars are ready. */
  async start(): Promise<void> {
    const { client, server, plain } = this;
    connectPods(client, server);
    layCable(
      { pod: client, device: "eth1", addresses: towardsPlain },
      { pod: plain, device: "eth0", addresses: plain.addresses },
    );
    for (const pod of [server, plain])
      for (const address of Object.values(pod.addresses)) await pod.startApp(serverProgram, address, ...servers);
    const authority = await createAuthority();
    const [clientVolume, serverVolume] = [
      await this.#volume(authority, "client"),
      await this.#volume(authority, "web"),
    ];
    this.#clientFolder = clientVolume.folder;
    this.#fillMesh();
    this.snapshot.start({ settings, trustBundle: authority.rootsPem });
    const socket = await this.#serve(authority, (id) => (id.includes("~client.") ? clientVolume : serverVolume));
    for (const pod of [client, server]) pod.redirect();
    await client.startEnvoy(clientVolume, socket, nodeId("client", client.addresses.ipv4), variables("client"));
    await server.startEnvoy(serverVolume, socket, nodeId("web", server.addresses.ipv6), variables("web"));
  }

  /** Makes an attempt and returns what the client printed. */
  call({ by, to, port, host = "web", from = "application" }: Call): string {
    return this.client.call(from, programs[by], to, String(port), host).trim();
  }

  /** Has somebody without a sidecar, who has the client's certificate, send a request with a header of its own. */
  callAsRogue({ port, serverName, introduction }: RogueCall): string {
    const args = [this.server.addresses.ipv4, String(port), this.#clientFolder, serverName, introduction];
    return this.client.call("outsider", rogueProgram, ...args).trim();
  }

  /** The same, with so many requests, each under another name; returns how many were answered. */
  floodAsRogue({ port, serverName }: Omit<RogueCall, "introduction">, count: number): string {
    const args = [this.server.addresses.ipv4, String(port), this.#clientFolder, serverName, String(count)];
    return this.client.call("outsider", floodProgram, ...args).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.snapshot.stop();
    await this.#stack.disposeAsync();
  }

  async #volume(authority: Authority, serviceAccount: string): Promise<Volume> {
    const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount };
    return this.#stack.use(await createVolume(authority, identity));
  }

  /** Serves the snapshot on a Unix socket and returns its path. */
  async #serve(authority: Authority, volumeOf: (nodeId: string) => Volume): Promise<string> {
    const serving = await issueServing(authority, { dnsNames: ["meshd"], now: new Date(), lifetimeMs: 3_600_000 });
    const credentials = new ServingCredentials({
      certificate: serving.certificatePem,
      privateKey: serving.keyPem,
      roots: authority.rootsPem,
    });
    const folder = mkdtempSync(join(tmpdir(), "ads-"));
    this.#stack.defer(() => rmSync(folder, { recursive: true }));
    const socket = join(folder, "ads.socket");
    this.#stack.use(
      await serveRpc(`unix:${socket}`, credentials, [adsService(relocatedViews(this.snapshot, volumeOf))]),
    );
    // The sidecars run as another user.
    for (const path of [folder, socket]) chmodSync(path, 0o777);
    return socket;
  }

  #fillMesh(): void {
    const { snapshot, client, server, plain } = this;
    for (const [name, pod] of [
      ["client", client],
      ["web", server],
      ["plain", plain],
    ] as const)
      snapshot.setWorkload(`shop/${name}`, {
        ...workload(name, name),
        isMeshed: name !== "plain",
        addresses: Object.values(pod.addresses),
      });
    snapshot.setService("shop/peers", peers);
    snapshot.setService("shop/web", web);
    snapshot.setService("shop/half", half);
    snapshot.setService("shop/gone", gone);
    for (const family of ["ipv4", "ipv6"] as const) {
      const peerEndpoints = [endpoint(server.addresses[family], "web"), endpoint(plain.addresses[family], "plain")];
      snapshot.setEndpointSlice(`shop/peers-${family}`, slice(peers, family, peerEndpoints));
      const halfAddresses: Addresses = { ...server.addresses, ipv6: nobody };
      snapshot.setEndpointSlice(`shop/half-${family}`, slice(half, family, [endpoint(halfAddresses[family], "web")]));
      snapshot.setEndpointSlice(`shop/web-${family}`, slice(web, family, [endpoint(server.addresses[family], "web")]));
    }
  }
}

function podAddresses(host: number): Addresses {
  return { ipv4: `198.18.252.${host}`, ipv6: `2001:db8:18:252::${host}` };
}

/** A Service has a slice of each family, as Kubernetes makes them. */
function slice(service: Service, family: keyof Addresses, endpoints: readonly SliceEndpoint[]): EndpointSlice {
  const { namespace, name: of, ports } = service;
  const slicePorts = ports.map(({ name, targetPort }) => ({
    name,
    port: targetPort.kind === "number" ? targetPort.port : 0,
  }));
  return { namespace, name: `${of}-${family}`, service: of, ports: slicePorts, endpoints };
}

function endpoint(address: string, name: string): SliceEndpoint {
  return { address, isReady: true, target: { kind: "pod", key: `shop/${name}`, uid: name }, zone: "" };
}

/** What the injector would put into the sidecar's environment. */
function variables(pod: string): Readonly<Record<string, string>> {
  return { POD_NAMESPACE: "shop", ...workloadEnvironment(workload(pod, pod).names) };
}

function nodeId(pod: string, address: string): string {
  return `sidecar~${address}~${pod}.shop~shop.svc.cluster.local`;
}
