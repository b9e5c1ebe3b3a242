import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { fleetPath } from "@meshwright/contract/fleet";
import { parseFleetLine } from "@meshwright/contract/fleet-lines";
import type { Asked } from "./merge.ts";
import { Tally } from "./reading.ts";
import type { Replica } from "./replicas.ts";

/** How to reach and to know a replica. */
export interface ReplicaTarget extends Replica {
  /** Name that its certificate must carry, as `meshd-default.mesh-system.svc`. */
  readonly host: string;
  /** Root, PEM. */
  readonly root: string;
  readonly token: string;
}

/** A replica from which nothing comes for so long is silent; a large fleet takes its time as a whole. */
const idleMs = 3_000;
const totalMs = 15_000;

/** Longer than the longest line that a replica writes: ten thousand characters of a hostile one must not become a billion. */
const maxLineChars = 1024 * 1024;

/** Reads a replica's fleet view, verifying its certificate. Never rejects. */
export async function readReplica(target: ReplicaTarget, signal: AbortSignal): Promise<Asked> {
  try {
    const response = await ask(target, AbortSignal.any([signal, AbortSignal.timeout(totalMs)]));
    if (response.statusCode !== 200) return silent(target, await refusal(response));
    return await add(response, target);
  } catch (error) {
    return silent(target, error instanceof Error ? error.message : String(error));
  }
}

async function ask(target: ReplicaTarget, signal: AbortSignal): Promise<IncomingMessage> {
  const { host, address, port, root: ca, token } = target;
  const call = request({
    host: address,
    port,
    servername: host,
    ca,
    path: fleetPath,
    headers: { host, authorization: `Bearer ${token}` },
    agent: false,
    timeout: idleMs,
    signal,
  });
  call.on("timeout", () => call.destroy(new Error(`nothing came for ${idleMs} ms`)));
  // Stays attached: a request that fails after its head was read says so a second time.
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  call.on("response", resolve);
  call.on("error", reject);
  call.end();
  return promise;
}

async function add(response: IncomingMessage, target: ReplicaTarget): Promise<Asked> {
  const tally = new Tally();
  let rest = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineChars) return silent(target, "a line of its fleet view does not end");
    for (const line of lines) {
      const parsed = parseFleetLine(line);
      if (parsed.kind === "invalid") return silent(target, `its fleet view cannot be read: ${parsed.detail}`);
      tally.add(parsed.line);
    }
  }
  const reading = tally.reading();
  return reading === undefined ? silent(target, "its fleet view is cut off") : { kind: "told", reading };
}

/** What a replica says instead of an answer. */
async function refusal(response: IncomingMessage): Promise<string> {
  const status = response.statusCode ?? 0;
  response.setEncoding("utf8");
  const chunk: unknown = await Promise.race([once(response, "data"), once(response, "end")]);
  response.destroy();
  const text = Array.isArray(chunk) && typeof chunk[0] === "string" ? chunk[0] : "";
  return `it answers ${status} ${text.slice(0, 300)}`.trimEnd();
}

function silent({ name }: ReplicaTarget, detail: string): Asked {
  return { kind: "silent", detail: `replica "${name}": ${detail}` };
}
