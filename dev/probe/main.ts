/**
 * Makes single calls to the echo sample and prints what its server saw, one line of JSON per call:
 *
 *     kubectl exec -i deploy/client -- node --input-type=module-typescript - http echo:8080 3 < dev/probe/main.ts
 *
 * It is fed to Node in a running pod, so it is one file and imports nothing but Node. Exits with 1 when a call failed.
 */
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";

/** What one call got. `peer` and `replica` are the server's words. */
type Seen =
  | { readonly ok: true; readonly status: number; readonly peer: string; readonly replica: string }
  | { readonly ok: false; readonly status: number; readonly error: string };

type Protocol = "http" | "http2" | "grpc" | "tcp" | "websocket";

const timeoutMs = 5_000;
/** A connection of its own per call, so that each one is balanced and authenticated anew. */
const headers = { connection: "close" };

const probes: Readonly<Record<Protocol, (target: string) => Promise<Seen>>> = {
  http: probeHttp,
  http2: probeHttp2,
  grpc: probeGrpc,
  tcp: probeTcp,
  websocket: probeWebSocket,
};

const [protocol = "", target = "", count = "1"] = process.argv.slice(2);
const probe = Object.entries(probes).find(([name]) => name === protocol)?.[1];
if (probe === undefined || target === "") {
  console.error(`usage: <${Object.keys(probes).join("|")}> <host:port> [count]`);
  process.exit(2);
}
for (let call = 0; call < Number(count); call += 1) {
  const seen = await withDeadline(probe(target)).catch(failed);
  console.log(JSON.stringify({ protocol, target, ...seen }));
  if (!seen.ok) process.exitCode = 1;
}
// Sockets of a refused call may linger.
process.exit();

async function probeHttp(address: string): Promise<Seen> {
  const response = await fetch(`http://${address}/probe`, { headers });
  return readReport(response.status, await response.text());
}

async function probeHttp2(address: string): Promise<Seen> {
  const { status, body } = await requestHttp2(address, { ":path": "/probe" });
  return readReport(status, body.toString());
}

/** Calls `meshwright.samples.v1.Echo/Echo` with an empty message, whose frame is five bytes of zero. */
async function probeGrpc(address: string): Promise<Seen> {
  const head = {
    ":method": "POST",
    ":path": "/meshwright.samples.v1.Echo/Echo",
    "content-type": "application/grpc",
    te: "trailers",
  };
  const { status, body, grpcStatus } = await requestHttp2(address, head, Buffer.alloc(5));
  if (grpcStatus !== "0") return { ok: false, status, error: `grpc-status ${grpcStatus}` };
  const fields = stringFields(body.subarray(5));
  return { ok: true, status, peer: fields.get(5) ?? "", replica: fields.get(2) ?? "" };
}

interface Http2Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly grpcStatus: string;
}

function requestHttp2(address: string, head: Readonly<Record<string, string>>, body?: Buffer): Promise<Http2Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Http2Answer>();
  const session = connectHttp2(`http://${address}`).on("error", reject);
  const stream = session.request(head, { endStream: body === undefined }).on("error", reject);
  const chunks: Buffer[] = [];
  let status = 0;
  let grpcStatus = "";
  stream.on("response", (answer) => {
    status = answer[":status"] ?? 0;
    grpcStatus = String(answer["grpc-status"] ?? grpcStatus);
  });
  stream.on("trailers", (trailers) => {
    grpcStatus = String(trailers["grpc-status"] ?? grpcStatus);
  });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => resolve({ status, body: Buffer.concat(chunks), grpcStatus }));
  stream.end(body);
  return promise.finally(() => session.destroy());
}

/** Reads the string fields of a protobuf message by number. Source: https://protobuf.dev/programming-guides/encoding/ */
function stringFields(message: Buffer): ReadonlyMap<number, string> {
  const fields = new Map<number, string>();
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    if ((tag.value & 7) !== 2) return fields;
    const length = varint(message, tag.end);
    at = length.end + length.value;
    fields.set(tag.value >> 3, message.toString("utf8", length.end, at));
  }
  return fields;
}

function varint(bytes: Buffer, begin: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let end = begin;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[end++] ?? 0;
    value |= (byte & 127) << shift;
    if (byte < 128) return { value, end };
  }
}

/** The TCP echo answers a line with its replica's name in front; who called is known to its sidecar only. */
function probeTcp(address: string): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>();
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connectTcp(Number(port), hostname.replaceAll(/[[\]]/g, ""), () => socket.write("probe\n"));
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString();
    const line = /^(?<replica>\S+) probe\r?\n/.exec(text);
    if (line !== null) resolve({ ok: true, status: 0, peer: "", replica: line.groups?.["replica"] ?? "" });
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error(`connection closed after "${text.trim()}"`)));
  return promise.finally(() => socket.destroy());
}

function probeWebSocket(address: string): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>();
  const socket = new WebSocket(`ws://${address}/ws`);
  socket.addEventListener("open", () => socket.send("probe"));
  socket.addEventListener("message", ({ data }) => resolve(readReport(101, String(data))));
  socket.addEventListener("error", () => reject(new Error("the upgrade was refused")));
  socket.addEventListener("close", () => reject(new Error("connection closed")));
  return promise.finally(() => socket.close());
}

/** Reads the JSON that the echo server answers with over HTTP/1.1, HTTP/2 and WebSocket. */
function readReport(status: number, body: string): Seen {
  if (status >= 400) return { ok: false, status, error: body.trim().slice(0, 200) };
  const { peer = "", replica = "" } = JSON.parse(body);
  return { ok: true, status, peer: peer ?? "", replica };
}

function withDeadline(call: Promise<Seen>): Promise<Seen> {
  const { promise, reject } = Promise.withResolvers<Seen>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  return Promise.race([call, promise]).finally(() => clearTimeout(timer));
}

function failed(error: unknown): Seen {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return { ok: false, status: 0, error: cause instanceof Error ? cause.message : String(cause) };
}
