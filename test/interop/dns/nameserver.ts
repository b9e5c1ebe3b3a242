import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Daemon, startDaemon } from "@meshwright/testing/daemon";
import type { NetworkNamespace } from "@meshwright/testing/network-namespace";
import { until } from "@meshwright/testing/until";

const program = "/usr/sbin/dnsmasq";

/** More than fits a datagram of any size that resolvers ask for. */
export const manyAddresses = Array.from({ length: 300 }, (_, index) => `198.18.${100 + (index >> 8)}.${index & 255}`);

/** What the cluster's DNS and the world behind it know; nothing of the Services that the mesh knows by their own addresses. */
const records = [
  "local=/#/",
  "host-record=peers.shop.svc.cluster.local,198.18.240.2",
  "host-record=web-0.peers.shop.svc.cluster.local,198.18.240.2",
  "cname=partner.shop.svc.cluster.local,outside.example",
  "host-record=outside.example,198.18.241.1,77",
  "host-record=v6.example,2001:db8::1",
  'txt-record=web.shop.svc.cluster.local,"of the Service"',
  'txt-record=outside.example,"v=spf1 -all"',
  "mx-host=outside.example,mail.outside.example,10",
  "srv-host=_http._tcp.web.shop.svc.cluster.local,web.shop.svc.cluster.local,80,0,100",
  "ptr-record=1.241.18.198.in-addr.arpa,outside.example",
  ...manyAddresses.map((address) => `host-record=many.example,${address}`),
];

/** A real DNS server (dnsmasq) with records of its own, on port 53 of a namespace. */
export class Nameserver implements AsyncDisposable {
  readonly #namespace: NetworkNamespace;
  readonly #folder = mkdtempSync(join(tmpdir(), "nameserver-"));
  #daemon: Daemon | undefined;

  constructor(namespace: NetworkNamespace) {
    this.#namespace = namespace;
    const settings = ["no-resolv", "no-hosts", "log-queries", "pid-file=", `log-facility=${this.#log}`, "user=root"];
    writeFileSync(join(this.#folder, "dnsmasq.conf"), [...settings, ...records, ""].join("\n"));
    writeFileSync(this.#log, "");
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const args = ["--keep-in-foreground", `--conf-file=${join(this.#folder, "dnsmasq.conf")}`];
    const starts = this.#starts();
    this.#daemon = startDaemon(...this.#namespace.command({ uid: 0 }, program, args));
    await until("dnsmasq has started", () => this.#starts() > starts);
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
  }

  /** Forgets what it was asked so far. */
  forget(): void {
    writeFileSync(this.#log, "");
  }

  /** What it was asked, as `A web.shop.svc.cluster.local`. */
  questions(): readonly string[] {
    const lines = readFileSync(this.#log, "utf8").matchAll(/query\[(\w+)\] (\S+) from/g);
    return [...lines].map(([, type, name]) => `${type} ${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true });
  }

  get #log(): string {
    return join(this.#folder, "queries.log");
  }

  #starts(): number {
    return readFileSync(this.#log, "utf8").split(": started,").length;
  }
}
