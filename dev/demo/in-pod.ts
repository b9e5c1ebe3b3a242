import { z } from "zod";
import { DevError } from "../command/dev-error.ts";
import { tryKubectl } from "../install/kubectl.ts";
import type { Answer, Call, Workload } from "./call.ts";
import { peerOfBytes } from "./sidecar-log.ts";

/** What the samples' `call` prints; `body` is the server's own report, which over TCP has no peer. */
const report = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    status: z.string(),
    replica: z.string(),
    body: z.object({ peer: z.string().optional() }),
  }),
  z.object({ ok: z.literal(false), status: z.string().optional(), error: z.string().optional() }),
]);

/** Makes a call from a pod of the client's workload. */
export async function makeCall({ from, to, port, protocol }: Call): Promise<Answer> {
  const since = new Date();
  const address = `${to.name}.${to.namespace}:${port}`;
  const url = protocol === "ws" ? `ws://${address}/ws` : `http://${address}/`;
  const answer = report.parse(await callFromPod(from, ["--protocol", protocol, url]));
  if (!answer.ok) return { kind: "failed", error: answer.error ?? `status ${answer.status}` };
  const { status, replica, body } = answer;
  // Who sends bytes is told to nobody but the server's sidecar.
  const peer = body.peer ?? (await peerOfBytes({ namespace: to.namespace, name: replica }, since));
  return { kind: "served", status, peer };
}

/** Gets a URL from a pod of a workload and returns what it answered, parsed. */
export async function getFromPod(from: Workload, url: string): Promise<unknown> {
  return z.object({ body: z.unknown() }).parse(await callFromPod(from, [url])).body;
}

async function callFromPod({ namespace, name }: Workload, args: readonly string[]): Promise<unknown> {
  const pod = ["exec", "-n", namespace, `deployment/${name}`, "--", "node", "/app/main.mjs"];
  const { stdout, stderr } = await tryKubectl([...pod, "call", "--timeout-ms", "5000", ...args]);
  if (stdout.trim() !== "") return JSON.parse(stdout);
  throw new DevError("CommandFailed", `cannot call from Deployment "${namespace}/${name}": ${stderr}`);
}
