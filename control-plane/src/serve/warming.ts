import type { ResourceMap } from "./view.ts";
import { without } from "./without.ts";

/**
 * New clusters that one proxy cannot use yet: sent, but they or their endpoints not acknowledged.
 * A cluster whose name has no endpoints in the view gets them in another way and is ready when it is acknowledged.
 */
export class Warming {
  /** None comes twice. */
  #names: readonly string[] = [];
  #clusters: ResourceMap;
  #isGivenUp = false;

  constructor(clusters: ResourceMap) {
    this.#clusters = clusters;
  }

  /** Whether every cluster of the view that was sent is ready. One that left the view is nobody's concern until it is back. */
  get isDone(): boolean {
    return this.#names.every((name) => !this.#clusters.has(name));
  }

  /** Whether waiting went on too long, until everything is ready once. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  clustersSent(added: readonly string[], removed: readonly string[]): void {
    this.#names = this.#names.length === 0 ? added : [...new Set([...this.#names, ...added])];
    this.#forget(removed);
  }

  clustersAcked(names: readonly string[], endpoints: ResourceMap): void {
    this.#forget(names.filter((name) => !endpoints.has(name)));
  }

  endpointsAcked(names: readonly string[]): void {
    this.#forget(names);
  }

  /** A cluster never becomes ready when it, or its endpoints, were rejected: nobody waits for it. */
  rejected(names: readonly string[]): void {
    this.#forget(names);
  }

  viewChanged(clusters: ResourceMap): void {
    this.#clusters = clusters;
    this.#rearm();
  }

  /** Stops waiting: the proxy never asked for some endpoints, and the rest of the configuration must not hang on them. */
  giveUp(): void {
    this.#isGivenUp = !this.isDone;
  }

  #forget(names: readonly string[]): void {
    this.#names = without(this.#names, names);
    this.#rearm();
  }

  #rearm(): void {
    if (this.#isGivenUp && this.isDone) this.#isGivenUp = false;
  }
}
