import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import { createAuthority, createVolume, type Volume } from "@meshwright/testing/volume";
import type { SliceEndpoint } from "../../model/endpoint-slice.ts";
import type { Service } from "../../model/service.ts";
import { adsService } from "../../serve/ads-service.ts";
import { serveRpc } from "../../serve/rpc-server.ts";
import { ServingCredentials } from "../../serve/serving-credentials.ts";
import { Snapshot } from "../../snapshot/snapshot.ts";
import { settings, workload } from "../../snapshot/testdata/mesh.ts";
import { type Caller, connectPods, layCable, Pod } from "./pod.ts";
import { http2Program, httpProgram, serverProgram, tcpProgram } from "./programs.ts";
import { relocatedViews } from "./relocated-views.ts";

/** Address of the Service `web`, behind which the server is. */
export const virtualAddress = "198.19.252.10";

const servers = ["http=8080", "h2=9090", "tcp=9000", "http=7000", "tcp=7001", "http=8085", "echo=9100"];

const web: Service = {
  namespace: "shop",
  name: "web",
  addressing: { kind: "virtual", addresses: [virtualAddress] },
  selector: { app: "web" },
  ports: [
    { name: "http", port: 80, protocol: "http", targetPort: { kind: "number", port: 8080 } },
    { name: "grpc", port: 90, protocol: "grpc", targetPort: { kind: "number", port: 9090 } },
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

const programs = { http: httpProgram, h2: http2Program, tcp: tcpProgram } as const;

/** One attempt of the client. */
export interface Call {
  readonly by: keyof typeof programs;
  readonly to: string;
  readonly port: number;
  readonly host?: string;
  readonly from?: Caller;
}

/**
 * Two pods with real sidecars that our own control plane configures over mTLS, and one without: what the translation
 * says, proven by what gets through and by what the application is told of its caller.
 */
export class Bed implements AsyncDisposable {
  readonly snapshot = new Snapshot();
  readonly #stack = new AsyncDisposableStack();
  readonly client = this.#stack.use(new Pod(`mw-client-${process.pid}`, "198.18.252.1"));
  readonly server = this.#stack.use(new Pod(`mw-server-${process.pid}`, "198.18.252.2"));
  /** Without a sidecar; only the client reaches it. */
  readonly plain = this.#stack.use(new Pod(`mw-plain-${process.pid}`, "198.18.252.6"));

  /** Starts everything; resolves when both sidecars are ready. */
  async start(): Promise<void> {
    const { client, server, plain } = this;
    connectPods(client, server);
    layCable(
      { pod: client, device: "eth1", address: "198.18.252.5" },
      { pod: plain, device: "eth0", address: plain.address },
    );
    for (const pod of [server, plain]) await pod.startApp(serverProgram, pod.address, ...servers);
    const authority = await createAuthority();
    const [clientVolume, serverVolume] = [
      await this.#volume(authority, "client"),
      await this.#volume(authority, "web"),
    ];
    this.#fillMesh();
    this.snapshot.start({ settings, trustBundle: authority.rootsPem });
    const socket = await this.#serve(authority, (id) => (id.includes("~client.") ? clientVolume : serverVolume));
    for (const pod of [client, server]) pod.redirect();
    await client.startEnvoy(clientVolume, socket, nodeId("client", client.address));
    await server.startEnvoy(serverVolume, socket, nodeId("web", server.address));
  }

  /** Makes an attempt and returns what the client printed. */
  call({ by, to, port, host = "web", from = "application" }: Call): string {
    return this.client.call(from, programs[by], to, String(port), host).trim();
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
    snapshot.setWorkload("shop/client", { ...workload("client", "client"), addresses: [client.address] });
    snapshot.setWorkload("shop/web", { ...workload("web", "web"), addresses: [server.address] });
    snapshot.setWorkload("shop/plain", { ...workload("plain", "plain"), isMeshed: false, addresses: [plain.address] });
    snapshot.setService("shop/peers", peers);
    snapshot.setEndpointSlice("shop/peers", {
      namespace: "shop",
      name: "peers",
      service: "peers",
      ports: peers.ports.map(({ name, port }) => ({ name, port })),
      endpoints: [endpoint(server, "web"), endpoint(plain, "plain")],
    });
    snapshot.setService("shop/web", web);
    snapshot.setEndpointSlice("shop/web", {
      namespace: "shop",
      name: "web",
      service: "web",
      ports: web.ports.map(({ name, targetPort }) => ({
        name,
        port: targetPort.kind === "number" ? targetPort.port : 0,
      })),
      endpoints: [endpoint(server, "web")],
    });
  }
}

function endpoint({ address }: Pod, name: string): SliceEndpoint {
  return { address, isReady: true, target: { kind: "pod", key: `shop/${name}`, uid: name }, zone: "" };
}

function nodeId(pod: string, address: string): string {
  return `sidecar~${address}~${pod}.shop~shop.svc.cluster.local`;
}
