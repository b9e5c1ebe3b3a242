import type { Workload } from "../model/workload.ts";
import type { ProxyTraits, ProxyView } from "../serve/view.ts";

/** A connected proxy, and what it was last shown. */
export class Subscription {
  /** As last seen: a pod that is gone keeps its configuration while its proxy drains. */
  readonly workload: Workload;
  readonly traits: ProxyTraits;
  readonly listeners = new Set<() => void>();
  #view: ProxyView;

  constructor(workload: Workload, traits: ProxyTraits, view: ProxyView) {
    this.workload = workload;
    this.traits = traits;
    this.#view = view;
  }

  get view(): ProxyView {
    return this.#view;
  }

  /** Shows a view, and tells the listeners if it is another one. */
  show(view: ProxyView): void {
    if (areSame(this.#view, view)) return;
    this.#view = view;
    for (const listener of this.listeners) listener();
  }
}

/** Resources that did not change keep their maps, so that looking into these is not needed. */
function areSame(a: ProxyView, b: ProxyView): boolean {
  return a === b || (a.size === b.size && [...a].every(([type, resources]) => b.get(type) === resources));
}
