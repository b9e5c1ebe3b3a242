import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import { silentLogger } from "@meshwright/log/logger";
import { type Authority, readAuthority } from "@meshwright/pki/authority";
import { createRoot } from "@meshwright/pki/root";
import { issueServing, type KeyPair } from "@meshwright/pki/serving";
import { LiveValue } from "../../ca/live.ts";
import { startWebhookServer, type WebhookServerOptions } from "../webhook-server.ts";

const dnsName = "meshd-default.mesh-system.svc";
const files = await createRoot({ now: new Date(), organization: "cluster.local" });
const authority: Authority = readAuthority(files);

export const json = { "content-type": "application/json" };

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Serial number of the certificate that the server showed. */
  readonly serial: string;
}

/** A webhook server on loopback, asked as the API server asks: with the root as caBundle and the Service's name. */
export interface TestWebhook extends AsyncDisposable {
  readonly port: number;
  ask(options: RequestOptions, body?: string | Buffer): Promise<Answer>;
  /** Posts a review to be answered. */
  post(body: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  renewCertificate(): Promise<void>;
  drain(): void;
}

/** Starts a webhook server that decides by `inject`. */
export async function startTestWebhook(
  options: Pick<WebhookServerOptions, "inject"> & Partial<WebhookServerOptions>,
): Promise<TestWebhook> {
  const stop = new AbortController();
  const certificate = new LiveValue(await keyPair());
  const server = await startWebhookServer({
    port: 0,
    host: "127.0.0.1",
    certificate,
    tell: () => undefined,
    metrics: { reviewed: () => undefined },
    logger: silentLogger,
    signal: stop.signal,
    ...options,
  });
  const ask = (asked: RequestOptions, body: string | Buffer = ""): Promise<Answer> => send(server.port, asked, body);
  return {
    port: server.port,
    ask,
    post: (body, headers = json) => ask({ method: "POST", path: "/inject?timeout=10s", headers }, body),
    drain: () => server.drain(),
    renewCertificate: async () => certificate.set(await keyPair()),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.closed;
    },
  };
}

/** A review of a pod's creation. */
export function review(pod: unknown, over: object = {}): string {
  return JSON.stringify({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "1-2-3",
      namespace: "shop",
      resource: { group: "", version: "v1", resource: "pods" },
      object: pod,
      ...over,
    },
  });
}

async function send(port: number, options: RequestOptions, body: string | Buffer): Promise<Answer> {
  const asked = httpsRequest({
    host: "127.0.0.1",
    port,
    servername: dnsName,
    ca: files.rootsPem,
    agent: new Agent({ maxCachedSessions: 0 }),
    ...options,
  });
  asked.end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
  const text = (await response.toArray()).join("");
  return { status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) as unknown, serial };
}

function keyPair(): Promise<KeyPair> {
  return issueServing(authority, { dnsNames: [dnsName], now: new Date(), lifetimeMs: 3_600_000 });
}
