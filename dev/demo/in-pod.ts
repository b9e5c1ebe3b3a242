import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repositoryRoot } from "../cluster/paths.ts";
import { DevError } from "../command/dev-error.ts";
import { tryKubectl } from "../install/kubectl.ts";
import type { Answer, Call, Workload } from "./call.ts";

const probe = readFileSync(join(repositoryRoot, "dev", "probe", "main.ts"), "utf8");

const seen = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), status: z.number(), peer: z.string(), replica: z.string() }),
  z.object({ ok: z.literal(false), status: z.number(), error: z.string() }),
]);

/** Makes a call from a pod of the client's workload. */
export async function makeCall({ from, to, port, protocol }: Call): Promise<Answer> {
  const target = `${to.name}.${to.namespace}:${port}`;
  const line = await nodeInPod(from, ["--input-type=module-typescript", "-", protocol, target], probe);
  const answer = seen.parse(JSON.parse(line));
  const { status } = answer;
  if (!answer.ok) return { kind: "failed", status, error: answer.error };
  return { kind: "served", status, peer: answer.peer, replica: answer.replica };
}

/** Gets a URL from a pod of a workload and returns the body. */
export function getFromPod(from: Workload, url: string): Promise<string> {
  const program = "fetch(process.argv[1]).then((response) => response.text()).then(console.log)";
  return nodeInPod(from, ["-e", program, url]);
}

async function nodeInPod(from: Workload, args: readonly string[], input = ""): Promise<string> {
  const pod = ["exec", "-i", "-n", from.namespace, `deployment/${from.name}`, "--"];
  const { stdout, stderr } = await tryKubectl([...pod, "node", ...args], input);
  if (stdout.trim() === "") {
    throw new DevError("CommandFailed", `cannot call from Deployment "${from.namespace}/${from.name}": ${stderr}`);
  }
  return stdout.trim();
}
