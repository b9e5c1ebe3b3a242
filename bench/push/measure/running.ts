import type { KubeClient } from "@meshwright/kube/client";
import type { MeshService } from "../../mesh/objects.ts";
import type { ClientProcess } from "../clients/client-process.ts";
import type { Sign } from "../clients/messages.ts";
import { monotonicMs } from "../clock.ts";
import type { ControlPlane } from "../contender.ts";
import type { Change } from "./latency.ts";

/** A control plane whose proxies are configured. */
export interface Running {
  readonly controlPlane: ControlPlane;
  readonly clients: ClientProcess;
  readonly kube: KubeClient;
  readonly services: readonly MeshService[];
}

/** More than the longest debounce of either. */
const seenTimeoutMs = 30_000;

/** A change that was written and that proxies may not all have yet. */
export interface Written {
  readonly change: Promise<Change>;
}

/** Writes a change that shows itself by signs. Resolves when it is written; a proxy that never has it took endlessly long. */
export async function writeChange(
  { clients }: Running,
  signs: readonly Sign[],
  write: () => Promise<unknown>,
): Promise<Written> {
  const watching = await clients.watch(signs);
  const sentMs = monotonicMs();
  const seen = watching.seen(seenTimeoutMs);
  await write();
  const writeMs = monotonicMs() - sentMs;
  const took = (atMs: number | null): number => (atMs === null ? Number.POSITIVE_INFINITY : atMs - sentMs);
  return { change: seen.then((times) => ({ writeMs, tookMs: times.map(took) })) };
}

/** Writes a change and waits until every proxy has it. */
export async function measureChange(
  running: Running,
  signs: readonly Sign[],
  write: () => Promise<unknown>,
): Promise<Change> {
  return await (await writeChange(running, signs, write)).change;
}

/** The DNS name by which resources of both control planes name a Service. */
export function hostOf({ namespace, name }: MeshService): string {
  return `${name}.${namespace}.svc.cluster.local`;
}
