import { setTimeout as delay } from "node:timers/promises";
import type { ProxyView } from "@meshwright/control-plane/serve/view";
import { silentObserver } from "@meshwright/control-plane/snapshot/observer";
import { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";
import { changes } from "./changes.ts";
import { fill, type MeshSize, namespaceOf, settings, trustDomain } from "./mesh.ts";
import { TurnTimers } from "./turns.ts";

/** One change: times in milliseconds. */
export interface ChangeFigures {
  /** From the change until the last proxy's view shows all of it, and nothing is left to do. */
  readonly shownMs: number;
  /** How long the event loop was held up at most. */
  readonly longestTurnMs: number;
  /** Resources that were translated anew. */
  readonly translated: number;
}

/** One run: times in milliseconds, sizes in bytes. */
export interface TranslateFigures {
  /** CPU time of this process until every proxy has its whole view. */
  readonly configureAllCpuMs: number;
  /** The longest of the turns in which the proxies connect one after the other. */
  readonly longestConnectMs: number;
  readonly changes: Readonly<Record<string, ChangeFigures>>;
  readonly resources: number;
  /** Encoded bytes that are held, each shared resource counted once. */
  readonly heldBytes: number;
  /** What the same proxies would hold if each had its own copy. */
  readonly copiedBytes: number;
}

/** Longer than any quiet that ends a storm. */
const quietMs = 150;

/** Translates and encodes a synthetic mesh for a number of proxies, without any connection. */
export async function benchTranslate(size: MeshSize, proxies: number): Promise<TranslateFigures> {
  const timers = new TurnTimers();
  let translated = 0;
  const observer = { ...silentObserver, encoded: () => (translated += 1) };
  const snapshot = new Snapshot(timers, observer);
  fill(snapshot, size);
  const before = process.cpuUsage();
  snapshot.start({ settings, trustBundle: "-----BEGIN CERTIFICATE-----\n" });
  const connects: number[] = [];
  const connected = Array.from({ length: proxies }, (_, index) => {
    const startedMs = timers.now();
    const proxy = connect(snapshot, size, index);
    connects.push(timers.now() - startedMs);
    return proxy;
  });
  const views = connected.map((proxy) => proxy.current());
  const used = process.cpuUsage(before);
  const sizes = held(views);
  for (const proxy of connected) proxy.onChange(() => undefined);
  const figures: Record<string, ChangeFigures> = {};
  for (const [name, change] of Object.entries(changes)) {
    // So that each is the first after a quiet time, and none is measured with the wait for others.
    await delay(quietMs);
    translated = 0;
    const { elapsedMs, longestTurnMs } = await timers.measure(() => change(snapshot, size));
    figures[name] = { shownMs: elapsedMs, longestTurnMs, translated };
  }
  snapshot.stop();
  const configureAllCpuMs = (used.user + used.system) / 1000;
  return { configureAllCpuMs, longestConnectMs: Math.max(...connects), changes: figures, ...sizes };
}

function connect(snapshot: Snapshot, size: MeshSize, proxy: number) {
  const index = proxy % size.services;
  const pod = Math.floor(proxy / size.services) % size.endpointsPerService;
  const namespace = namespaceOf(size, index);
  const id = `sidecar~198.18.0.1~svc-${index}-${pod}.${namespace}~${namespace}.svc.cluster.local`;
  const peer = { trustDomain, namespace, serviceAccount: `svc-${index}` };
  const traits = { ipStack: "dual", capturesDns: false } as const;
  const answer = snapshot.connect({ id, cluster: "", envoyVersion: "", traits }, peer);
  if (answer.kind === "refused") throw new Error(`cannot connect proxy "${id}": ${answer.message}`);
  return answer;
}

function held(views: readonly ProxyView[]): Pick<TranslateFigures, "resources" | "heldBytes" | "copiedBytes"> {
  const shared = new Map<Uint8Array, number>();
  let copiedBytes = 0;
  for (const view of views)
    for (const resources of view.values())
      for (const { bytes } of resources.values()) {
        shared.set(bytes, bytes.length);
        copiedBytes += bytes.length;
      }
  return { resources: shared.size, heldBytes: shared.values().reduce((sum, length) => sum + length, 0), copiedBytes };
}
