import { createHash } from "node:crypto";
import type { Batch } from "./batch.ts";
import type { Answer } from "./subscription.ts";
import type { EncodedResource, ResourceMap } from "./view.ts";

/** What one client has of one type, as far as it acknowledged it, and what it has once it takes the response under way. */
export class WorldState {
  #acknowledged: ResourceMap = new Map();
  #proposed: ResourceMap = new Map();

  /** What the client is to have after a change. */
  get proposed(): ResourceMap {
    return this.#proposed;
  }

  /** Version of what the client is to have: a hash, so that it is the same on every replica. */
  get version(): string {
    const hash = createHash("sha256");
    for (const name of [...this.#proposed.keys()].toSorted())
      hash.update(`${name}\n${this.#proposed.get(name)?.version}\n`);
    return hash.digest("base64url").slice(0, 22);
  }

  propose({ resources, removed }: Batch): void {
    const proposed = new Map<string, EncodedResource>(this.#acknowledged);
    for (const name of removed) proposed.delete(name);
    for (const resource of resources) proposed.set(resource.name, resource);
    this.#proposed = proposed;
  }

  answered(answer: Answer | undefined): void {
    if (answer?.kind === "acked") this.#acknowledged = this.#proposed;
  }

  /** Lets go of what the client no longer wants. */
  keepOnly(isWanted: (name: string) => boolean): void {
    this.#acknowledged = new Map([...this.#acknowledged].filter(([name]) => isWanted(name)));
  }
}
