import { type Batch, type Part, type Room, unlimited } from "../batch.ts";
import { Shared } from "../shared.ts";
import { Subscription } from "../subscription.ts";
import type { EncodedResource, ResourceMap } from "../view.ts";

/** Resources by name and version: `{a: "1"}`. */
export function resources(versions: Readonly<Record<string, string>>): ResourceMap {
  const encoded = Object.entries(versions).map(
    ([name, version]): EncodedResource => ({ name, version, bytes: new Uint8Array(), origins: [] }),
  );
  return new Map(encoded.map((resource) => [resource.name, resource]));
}

/** Asks for names. */
export const ask = (...subscribe: string[]) => ({ subscribe, unsubscribe: [], initialVersions: {} });
/** Asks for names no more. */
export const leave = (...unsubscribe: string[]) => ({ subscribe: [], unsubscribe, initialVersions: {} });

/** A subscription with what it sends written down: `a@1` for a resource, `-a` for a removal, `nothing` for none. */
export class SubscribedClient {
  readonly subscription: Subscription;
  #nonce = 0;

  constructor(versions: Readonly<Record<string, string>>, wildcardWhenEmpty = false) {
    this.subscription = new Subscription(resources(versions), new Shared(), wildcardWhenEmpty);
  }

  next(part: Part = "all", room: Room = unlimited): string {
    const batch = this.subscription.next(String(this.#nonce + 1), part, room);
    if (batch === undefined) return "nothing";
    if (batch === "tooLarge") return batch;
    this.#nonce++;
    return written(batch);
  }

  ack(): string {
    return this.subscription.answer(String(this.#nonce), undefined).kind;
  }

  nack(message: string): string {
    return this.subscription.answer(String(this.#nonce), message).kind;
  }

  /** Takes and acknowledges everything. */
  settle(): void {
    while (this.next() !== "nothing") this.ack();
  }
}

function written({ resources: sent, removed }: Batch): string {
  return [...sent.map(({ name, version }) => `${name}@${version}`), ...removed.map((name) => `-${name}`)].join(" ");
}
