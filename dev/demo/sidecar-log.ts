import { parse, stringify } from "yaml";
import { z } from "zod";
import { kubectl } from "../install/kubectl.ts";
import { pollUntil } from "../kuttl/poll.ts";
import type { Workload } from "./call.ts";

/** Envoy writes what it has gathered to its standard output every ten seconds. */
const timeoutMs = 30_000;

const marker = "connection of bytes from";

const install = z.looseObject({ spec: z.looseObject({ mesh: z.looseObject({}).default({}) }) });

/** Has the sidecars of a MeshInstall log who called: an application that speaks TCP cannot be told. */
export function withPeerLog(manifest: string): string {
  const { spec, ...others } = install.parse(parse(manifest));
  // An HTTP request has a protocol in its line, a connection that carries bytes has "-".
  const accessLogFormat = `%PROTOCOL% ${marker} %DOWNSTREAM_PEER_URI_SAN%`;
  return stringify({ ...others, spec: { ...spec, mesh: { ...spec.mesh, accessLog: true, accessLogFormat } } });
}

/** Who opened the last connection of bytes that a pod's sidecar has logged since a moment; empty for nobody it could prove. */
export async function peerOfBytes(pod: Workload, since: Date): Promise<string> {
  const args = ["logs", "-n", pod.namespace, pod.name, "-c", "istio-proxy", `--since-time=${since.toISOString()}`];
  const peer = await pollUntil(Date.now() + timeoutMs, 500, async () => lastPeer(await kubectl(args)));
  return peer === "-" ? "" : (peer ?? "");
}

/** Reads a sidecar's log; undefined when no connection of bytes is in it. */
export function lastPeer(log: string): string | undefined {
  return [...log.matchAll(new RegExp(`^- ${marker} (\\S+)$`, "gm"))].at(-1)?.[1];
}
