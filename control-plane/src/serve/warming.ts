import { typeUrls } from "@meshwright/xds-api/type-urls";
import type { ProxyView, ResourceMap } from "./view.ts";

/**
 * New clusters that one proxy cannot use yet: sent, but they or their endpoints not acknowledged.
 * A cluster whose name has no endpoints in the view gets them in another way and is ready when it is acknowledged.
 */
export class Warming {
  readonly #names = new Set<string>();
  #isGivenUp = false;

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** Whether listeners and routes still wait. */
  get isAwaited(): boolean {
    return !this.isEmpty && !this.#isGivenUp;
  }

  /** Whether waiting went on too long, until everything is ready once. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  clustersSent(names: readonly string[]): void {
    for (const name of names) this.#names.add(name);
  }

  clustersAcked(names: readonly string[], endpoints: ResourceMap): void {
    this.#done(names.filter((name) => !endpoints.has(name)));
  }

  endpointsAcked(names: readonly string[]): void {
    this.#done(names);
  }

  /** A cluster never becomes ready when it, or its endpoints, were rejected: nobody waits for it. */
  rejected(names: readonly string[]): void {
    this.#done(names);
  }

  viewChanged(view: ProxyView): void {
    const clusters = view.get(typeUrls.cluster);
    this.#done([...this.#names].filter((name) => !clusters?.has(name)));
  }

  /** Stops waiting: the proxy never asked for some endpoints, and the rest of the configuration must not hang on them. */
  giveUp(): void {
    this.#isGivenUp = !this.isEmpty;
  }

  #done(names: readonly string[]): void {
    for (const name of names) this.#names.delete(name);
    if (this.isEmpty) this.#isGivenUp = false;
  }
}
