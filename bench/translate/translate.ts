import { performance } from "node:perf_hooks";
import type { ProxyView } from "@meshwright/control-plane/serve/view";
import { Snapshot } from "@meshwright/control-plane/snapshot/snapshot";
import { fill, type MeshSize, namespaceOf, setEndpoints, settings, trustDomain } from "./mesh.ts";

/** One run: times in milliseconds, sizes in bytes. */
export interface TranslateFigures {
  /** CPU time of this process until every proxy has its whole view. */
  readonly configureAllCpuMs: number;
  /** From one changed EndpointSlice until the last proxy's view shows it. */
  readonly endpointChangeMs: number;
  readonly resources: number;
  /** Encoded bytes that are held, each shared resource counted once. */
  readonly heldBytes: number;
  /** What the same proxies would hold if each had its own copy. */
  readonly copiedBytes: number;
}

/** Translates and encodes a synthetic mesh for a number of proxies, without any connection. */
export async function benchTranslate(size: MeshSize, proxies: number): Promise<TranslateFigures> {
  const snapshot = new Snapshot();
  fill(snapshot, size);
  const before = process.cpuUsage();
  snapshot.start({ settings, trustBundle: "-----BEGIN CERTIFICATE-----\n" });
  const connected = Array.from({ length: proxies }, (_, index) => connect(snapshot, size, index));
  const views = connected.map((proxy) => proxy.current());
  const used = process.cpuUsage(before);
  const endpointChangeMs = await endpointChange(snapshot, size, connected);
  snapshot.stop();
  return { configureAllCpuMs: (used.user + used.system) / 1000, endpointChangeMs, ...held(views) };
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

async function endpointChange(
  snapshot: Snapshot,
  size: MeshSize,
  proxies: readonly ReturnType<typeof connect>[],
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = proxies.length;
  const stops = proxies.map((proxy) =>
    proxy.onChange(() => {
      waiting -= 1;
      if (waiting === 0) resolve();
    }),
  );
  const start = performance.now();
  setEndpoints(snapshot, size, 0, size.endpointsPerService - 1);
  await promise;
  const elapsed = performance.now() - start;
  for (const stop of stops) stop();
  return elapsed;
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
