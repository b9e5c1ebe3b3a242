import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Pod, Subject } from "./subjects.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

export interface Figures {
  /** Of one value that comes in a batch with all others. */
  readonly filledNs: number;
  /** Of one value that changes alone. */
  readonly changedNs: number;
  /** Of one value: what the collection and what it is made of hold, without the value and its key. */
  readonly heldBytes: number;
}

/** Measures one kind of collection with a number of values. */
export function measure(make: () => Subject, objects: number): Figures {
  const keys = Array.from({ length: objects }, (_, index) => `ns-${index % 10}/pod-${index}`);
  const [first, second] = [keys.map((_, index) => pod(index, 8080)), keys.map((_, index) => pod(index, 9090))];
  new Set(keys); // a key's hash is computed once, and not by whoever is measured first
  const before = heapBytes();
  const subject = make();
  const filledMs = timed(() => subject.batch(() => setAll(subject, keys, first)));
  const heldBytes = heapBytes() - before;
  const changedMs = timed(() => setAll(subject, keys, second));
  if (subject.size() === 0) throw new Error("cannot measure a collection that holds nothing");
  return {
    filledNs: (filledMs * 1e6) / objects,
    changedNs: (changedMs * 1e6) / objects,
    heldBytes: heldBytes / objects,
  };
}

function setAll(subject: Subject, keys: readonly string[], pods: readonly Pod[]): void {
  for (const [index, key] of keys.entries()) {
    const value = pods[index];
    if (value !== undefined) subject.set(key, value);
  }
}

/** Four to a group, as pods to a Service. */
function pod(index: number, port: number): Pod {
  return { group: `svc-${index >> 2}`, address: `198.18.${(index >> 8) & 255}.${index & 255}`, port };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
