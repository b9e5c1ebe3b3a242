import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inboundSource } from "@meshwright/contract/inbound-source";
import { volumeMountPath } from "@meshwright/contract/volume";
import type { Authority } from "@meshwright/pki/authority";
import { issueServing } from "@meshwright/pki/serving";
import type { NetworkNamespace } from "@meshwright/testing/network-namespace";
import { createVolume } from "@meshwright/testing/volume";
import type { ClientName } from "../programs/catalog.ts";
import type { Outcome } from "../programs/order.ts";
import type { Target } from "../programs/protocol.ts";
import { addresses, hostNames } from "./addresses.ts";
import { Application, startProgram } from "./application.ts";
import { ConnectionLog } from "./connection-log.ts";
import { type PodName, podName } from "./objects.ts";
import { connectionLog } from "./observed-views.ts";
import { fillVolume, redirect, startSidecar } from "./sidecar.ts";

const applicationUid = 1000;
const oneHourMs = 60 * 60_000;

/** Where a pod's programs run, and who signs for them. */
export interface PodHost {
  readonly namespace: NetworkNamespace;
  /** Signs the certificate that the application itself shows, of which the mesh knows nothing. */
  readonly applicationAuthority: Authority;
}

/** A pod, or a host outside of the cluster: an application, and before it a sidecar or none. Disposing ends both. */
export class Pod implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #host: PodHost;
  readonly #etc: string;
  #application: Application | undefined;
  #connections: ConnectionLog | undefined;

  constructor(host: PodHost) {
    this.#host = host;
    this.#etc = this.#stack.adopt(mkdtempSync(join(tmpdir(), "etc-")), (path) => rmSync(path, { recursive: true }));
    const lines = Object.entries(hostNames).map(([address, names]) => `${address} ${names.join(" ")}\n`);
    writeFileSync(join(this.#etc, "hosts"), ["127.0.0.1 localhost\n", ...lines].join(""));
    writeFileSync(join(this.#etc, "nsswitch.conf"), "hosts: files\n");
    for (const folder of ["app", "meshwright"]) mkdirSync(join(this.#etc, folder));
    chmodSync(this.#etc, 0o755);
  }

  /** Starts the application with its servers, each `<server>=<port>`. */
  async startApplication(servers: readonly string[]): Promise<void> {
    await this.#writeCertificate();
    const inside = { uid: applicationUid, mounts: { "/etc": this.#etc } };
    this.#application = this.#stack.use(
      new Application(await startProgram(this.#host.namespace, inside, "main.ts", servers)),
    );
  }

  /** Puts a sidecar before the application; resolves when it is ready. */
  async startSidecar(name: PodName, authority: Authority): Promise<void> {
    const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: name };
    const volume = this.#stack.use(await createVolume(authority, identity));
    this.#connections = new ConnectionLog(join(volume.folder, connectionLog));
    fillVolume(volume);
    redirect(this.#host.namespace);
    const mounts = { "/etc": this.#etc, [volumeMountPath]: volume.folder };
    const nodeId = `sidecar~${addresses[name]}~${podName(name)}.shop~shop.svc.cluster.local`;
    const envoy = this.#stack.adopt(startSidecar(this.#host.namespace, mounts, nodeId), (daemon) => daemon.stop());
    await envoy.untilReady(() => this.#isReady(), 30_000);
  }

  /** Lets the application have one conversation as a client. */
  async speak(speak: ClientName, target: Target): Promise<Outcome> {
    if (this.#application === undefined) throw new Error("cannot speak: the pod's application was not started");
    return this.#application.speak({ speak, target });
  }

  /**
   * Says who was at the other end of a connection that the sidecar carried as bytes; `from` is what the application saw.
   * Empty: nobody who could prove it, or no sidecar was on the way. Errors: rejects when the sidecar does not write it down in time.
   */
  async peerOf(from: string): Promise<string> {
    const isProxied = [`${inboundSource.ipv4}:`, `[${inboundSource.ipv6}]:`].some((source) => from.startsWith(source));
    if (this.#connections === undefined || !isProxied) return "";
    return this.#connections.take(from);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  /** Asks as kubelet does; the application of the pod can, since loopback is not redirected. */
  async #isReady(): Promise<boolean> {
    const outcome = await this.speak("health", { host: "127.0.0.1", port: 15021 });
    return outcome.kind === "answered";
  }

  async #writeCertificate(): Promise<void> {
    const { applicationAuthority: authority } = this.#host;
    const request = { dnsNames: ["app.example"], now: new Date(), lifetimeMs: oneHourMs };
    const { certificatePem, keyPem } = await issueServing(authority, request);
    const files = { "tls.crt": certificatePem, "tls.key": keyPem, "ca.crt": authority.rootsPem };
    for (const [file, content] of Object.entries(files)) writeFileSync(join(this.#etc, "app", file), content);
  }
}
