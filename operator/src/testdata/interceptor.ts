import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { ApiServer } from "@meshwright/testing/api-server";

/** Something that the operator changes. */
export interface Write {
  /** As `PATCH /apis/apps/v1/namespaces/mesh-system/deployments/meshd-default`. */
  readonly what: string;
  /** How many there were since `reset`, this one included. */
  readonly number: number;
}

/** Stands between an operator and the API server, and can stop at every write. */
export interface Interceptor {
  readonly url: string;
  /** What was written since `reset`. */
  readonly writes: readonly string[];
  /** Counts from one again. `before` and `after` are waited for around each write; false drops the request, or its answer. */
  reset(around?: Around): void;
  stop(): Promise<void>;
}

interface Around {
  readonly before?: (write: Write) => Promise<boolean>;
  readonly after?: (write: Write) => Promise<boolean>;
}

/** Leases, statuses and Events are no part of a plan. */
const notPlanned = /\/(?:leases|events)(?:\/|$|\?)|\/status(?:$|\?)/;

/** Starts one, with the API server's own certificate. */
export async function startInterceptor({ url, kubeconfig }: ApiServer): Promise<Interceptor> {
  const certs = join(dirname(kubeconfig), "certs");
  const [cert, key] = [readFileSync(join(certs, "apiserver.crt")), readFileSync(join(certs, "apiserver.key"))];
  let around: Around = {};
  let writes: string[] = [];

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = "GET", url: path = "/" } = incoming;
    const isWrite = method !== "GET" && !notPlanned.test(path);
    if (!isWrite) return forward(incoming, outgoing, { url, ca: cert });
    const write = { what: `${method} ${path.split("?")[0]}`, number: writes.push(`${method} ${path.split("?")[0]}`) };
    const { before, after } = around;
    const body = await buffer(incoming);
    if (before !== undefined && !(await before(write))) return void outgoing.destroy();
    const answer = await ask(incoming, body, { url, ca: cert });
    if (after !== undefined && !(await after(write))) return void outgoing.destroy();
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  };

  const server = createServer({ cert, key }, (incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    get writes() {
      return writes;
    },
    reset: (next = {}) => {
      writes = [];
      around = next;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Target {
  readonly url: string;
  readonly ca: Buffer;
}

/** Passes a request on as it comes, and its answer, which may never end. */
function forward(incoming: IncomingMessage, outgoing: ServerResponse, { url, ca }: Target): void {
  const options = { method: incoming.method, headers: incoming.headers, ca };
  const onward = request(new URL(incoming.url ?? "/", url), options, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.on("error", () => outgoing.destroy()).pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

async function ask({ url: path = "/", method, headers }: IncomingMessage, body: Buffer, { url, ca }: Target) {
  const onward = request(new URL(path, url), { method, headers, ca });
  const answered = once(onward, "response");
  onward.end(body);
  const [response]: IncomingMessage[] = await answered;
  if (response === undefined) throw new Error(`no answer to ${method} ${path}`);
  return { status: response.statusCode ?? 502, headers: response.headers, body: await buffer(response) };
}
