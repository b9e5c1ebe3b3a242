import type { ResourceMap } from "../serve/view.ts";
import { keepEqual } from "./keep-equal.ts";

/** Two maps of resources as one, for those who see both. */
export class JoinedResources {
  #parts: readonly ResourceMap[] = [];
  #joined: ResourceMap = new Map();

  /** All resources of both, of which no two have one name; the same map as before if that held the same. */
  of(first: ResourceMap, second: ResourceMap): ResourceMap {
    if (first === this.#parts[0] && second === this.#parts[1]) return this.#joined;
    this.#parts = [first, second];
    this.#joined = keepEqual(this.#joined, new Map([...first, ...second]));
    return this.#joined;
  }
}
