import type { Sign } from "./messages.ts";
import type { ReadResponse } from "./read-response.ts";

/** When each proxy had seen a change; null: it has not. */
export type SeenAt = readonly (number | null)[];

interface SearchedSign {
  readonly type: string;
  readonly has: readonly Buffer[];
  readonly lacks: readonly Buffer[];
}

/** Changes that are looked out for, and who has seen each. */
export class Watches {
  readonly #proxies: number;
  readonly #onSeen: (id: number, atMs: SeenAt) => void;
  readonly #open = new Map<number, Watch>();

  /** @param onSeen called when every proxy has seen a change, or when it was given up */
  constructor(proxies: number, onSeen: (id: number, atMs: SeenAt) => void) {
    this.#proxies = proxies;
    this.#onSeen = onSeen;
  }

  add(id: number, signs: readonly Sign[]): void {
    this.#open.set(id, new Watch(this.#proxies, signs.map(search)));
  }

  giveUp(id: number): void {
    const watch = this.#open.get(id);
    if (watch !== undefined) this.#close(id, watch);
  }

  /** Takes a response that a proxy received. */
  saw(proxy: number, response: ReadResponse, atMs: number): void {
    for (const [id, watch] of this.#open) if (watch.look(proxy, response, atMs)) this.#close(id, watch);
  }

  #close(id: number, { atMs }: Watch): void {
    this.#open.delete(id);
    this.#onSeen(id, atMs);
  }
}

/** One change. */
class Watch {
  readonly atMs: (number | null)[];
  /** Signs that each proxy has not seen yet. */
  readonly #missing: readonly Set<SearchedSign>[];
  #left: number;

  constructor(proxies: number, signs: readonly SearchedSign[]) {
    this.atMs = Array.from({ length: proxies }, () => null);
    this.#missing = Array.from({ length: proxies }, () => new Set(signs));
    this.#left = proxies;
  }

  /** Takes a response; returns whether by it every proxy has seen all. */
  look(proxy: number, { type, resources }: ReadResponse, atMs: number): boolean {
    const missing = this.#missing[proxy];
    if (missing === undefined || missing.size === 0) return false;
    for (const sign of missing) {
      if (sign.type === type && resources.some(({ bytes }) => shows(sign, bytes))) missing.delete(sign);
    }
    if (missing.size > 0) return false;
    this.atMs[proxy] = atMs;
    this.#left -= 1;
    return this.#left === 0;
  }
}

function search({ type, mentions, has, lacks }: Sign): SearchedSign {
  const addresses = (address: string | undefined): readonly Buffer[] =>
    address === undefined ? [] : [addressField(address)];
  return { type, has: [Buffer.from(mentions), ...addresses(has)], lacks: addresses(lacks) };
}

/** A string of a protobuf message is preceded by its length, so that `198.18.1.1` is not found in `198.18.1.11`. */
function addressField(address: string): Buffer {
  return Buffer.from(`${String.fromCharCode(address.length)}${address}`);
}

function shows({ has, lacks }: SearchedSign, bytes: Buffer): boolean {
  return has.every((part) => bytes.includes(part)) && !lacks.some((part) => bytes.includes(part));
}
