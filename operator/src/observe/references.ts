import { annotations, defaultRevision, labels } from "@meshwright/contract/labels";
import { type KubeObject, keyOf } from "@meshwright/kube/types";
import type { References } from "./types.ts";

/** What a pod says about revisions; it stays when nothing else of the pod does. */
interface PodReference {
  readonly namespace: string;
  /** Revision that injected it. */
  readonly injectedBy?: string;
  /** Revision or tag that its own labels ask for; holds only where its namespace asks for none. */
  readonly asksFor?: string;
}

/** Which pods refer to which revisions and tags, kept with every change of a pod, so that nobody lists them all. */
export class PodReferences {
  readonly #byPod = new Map<string, PodReference>();
  readonly #injected = new Map<string, Set<string>>();
  readonly #asking = new Map<string, Set<string>>();

  /** Takes in a pod; true when what it refers to has changed. */
  set(pod: KubeObject): boolean {
    const key = keyOf(pod);
    const before = this.#byPod.get(key);
    const now = referenceOf(pod);
    if (isSame(before, now)) return false;
    this.#remove(key, before);
    if (now !== undefined) this.#add(key, now);
    return true;
  }

  /** Forgets a pod that is gone, or has ended; true when it referred to anything. */
  delete(pod: KubeObject): boolean {
    const key = keyOf(pod);
    const before = this.#byPod.get(key);
    this.#remove(key, before);
    return before !== undefined;
  }

  /** Names of pods by what they refer to, given what their namespaces ask for. */
  by(namespaces: ReadonlyMap<string, string>): References["pods"] {
    const asking = [...this.#asking].map(([name, pods]) => {
      const own = [...pods].filter((key) => !namespaces.has(this.#byPod.get(key)?.namespace ?? ""));
      return [name, own] as const;
    });
    const all = new Map<string, Set<string>>();
    for (const [name, pods] of [...this.#injected, ...asking]) {
      if ([...pods].length === 0) continue;
      all.set(name, new Set([...(all.get(name) ?? []), ...pods]));
    }
    return new Map([...all].map(([name, pods]) => [name, [...pods].toSorted()] as const));
  }

  #add(key: string, reference: PodReference): void {
    this.#byPod.set(key, reference);
    put(this.#injected, reference.injectedBy, key);
    put(this.#asking, reference.asksFor, key);
  }

  #remove(key: string, reference: PodReference | undefined): void {
    if (reference === undefined) return;
    this.#byPod.delete(key);
    take(this.#injected, reference.injectedBy, key);
    take(this.#asking, reference.asksFor, key);
  }
}

/** What each namespace asks for by its labels; `istio-injection` wins over `istio.io/rev`, as in Istio. */
export function namespaceReferences(namespaces: readonly KubeObject[]): ReadonlyMap<string, string> {
  const asked = namespaces.flatMap(({ metadata }) => {
    const name = nameOf(metadata.labels ?? {});
    return name === undefined ? [] : [[metadata.name, name] as const];
  });
  return new Map(asked);
}

function nameOf(own: Readonly<Record<string, string>>): string | undefined {
  const injection = own[labels.injection];
  if (injection === "enabled") return defaultRevision;
  return injection === "disabled" ? undefined : own[labels.revision];
}

/** Groups names by what they refer to, sorted. */
export function groupedByReference(references: ReadonlyMap<string, string>): References["namespaces"] {
  const grouped = Map.groupBy(references, ([, name]) => name);
  return new Map([...grouped].map(([name, pairs]) => [name, pairs.map(([key]) => key).toSorted()] as const));
}

function referenceOf({ metadata }: KubeObject): PodReference | undefined {
  const injectedBy = metadata.annotations?.[annotations.revision];
  const own = metadata.labels ?? {};
  const asksFor = own[labels.inject] === "false" ? undefined : podAsksFor(own);
  if (injectedBy === undefined && asksFor === undefined) return undefined;
  return {
    namespace: metadata.namespace ?? "",
    ...(injectedBy === undefined ? {} : { injectedBy }),
    ...(asksFor === undefined ? {} : { asksFor }),
  };
}

function podAsksFor(own: Readonly<Record<string, string>>): string | undefined {
  return own[labels.revision] ?? (own[labels.inject] === "true" ? defaultRevision : undefined);
}

function isSame(a: PodReference | undefined, b: PodReference | undefined): boolean {
  return a?.injectedBy === b?.injectedBy && a?.asksFor === b?.asksFor;
}

function put(index: Map<string, Set<string>>, name: string | undefined, key: string): void {
  if (name === undefined) return;
  const keys = index.get(name) ?? new Set();
  index.set(name, keys.add(key));
}

function take(index: Map<string, Set<string>>, name: string | undefined, key: string): void {
  if (name === undefined) return;
  const keys = index.get(name);
  keys?.delete(key);
  if (keys?.size === 0) index.delete(name);
}
