import type { Sign } from "./messages.ts";
import type { ReadResource, ReadResponse } from "./read-response.ts";

/** When each proxy had seen a change; null: it has not. */
export type SeenAt = readonly (number | null)[];

/** A sign of one change, as it is searched for. */
interface SearchedSign {
  readonly watch: Watch;
  /** One bit for each sign of a change. */
  readonly bit: number;
  readonly has: readonly Buffer[];
  readonly lacks: readonly Buffer[];
}

type SignsOfHosts = Map<string, SearchedSign[]>;

/**
 * Changes that are looked out for, and who has seen each. Hundreds are open at once where a control plane lets its proxies
 * fall behind, and a response may then have as many resources: a resource is searched for the signs of its own host only.
 */
export class Watches {
  readonly #proxies: number;
  readonly #onSeen: (id: number, atMs: SeenAt) => void;
  readonly #open = new Map<number, Watch>();
  readonly #signs = new Map<string, SignsOfHosts>();

  /** @param onSeen called when every proxy has seen a change, or when it was given up */
  constructor(proxies: number, onSeen: (id: number, atMs: SeenAt) => void) {
    this.#proxies = proxies;
    this.#onSeen = onSeen;
  }

  /** Looks out for a change of at most eight signs. */
  add(id: number, signs: readonly Sign[]): void {
    const watch = new Watch(id, this.#proxies, signs);
    this.#open.set(id, watch);
    for (const [index, sign] of signs.entries()) this.#addSign(sign, search(sign, watch, 1 << index));
  }

  giveUp(id: number): void {
    const watch = this.#open.get(id);
    if (watch !== undefined) this.#close(watch);
  }

  /** Takes a response that a proxy received. */
  saw(proxy: number, { type, resources }: ReadResponse, atMs: number): void {
    const hosts = this.#signs.get(type);
    if (hosts === undefined) return;
    for (const resource of resources)
      for (const sign of candidates(hosts, resource)) this.#look(proxy, sign, resource, atMs);
  }

  #look(proxy: number, sign: SearchedSign, { bytes }: ReadResource, atMs: number): void {
    const { watch, bit } = sign;
    if (watch.misses(proxy, bit) && shows(sign, bytes) && watch.see(proxy, bit, atMs)) this.#close(watch);
  }

  #close(watch: Watch): void {
    this.#open.delete(watch.id);
    for (const sign of watch.signs) this.#removeSigns(sign, watch);
    this.#onSeen(watch.id, watch.atMs);
  }

  #addSign({ type, host }: Sign, sign: SearchedSign): void {
    const hosts: SignsOfHosts = this.#signs.get(type) ?? new Map();
    this.#signs.set(type, hosts.set(host, [...(hosts.get(host) ?? []), sign]));
  }

  #removeSigns({ type, host }: Sign, closed: Watch): void {
    const hosts = this.#signs.get(type);
    const left = hosts?.get(host)?.filter(({ watch }) => watch !== closed) ?? [];
    if (left.length > 0) hosts?.set(host, left);
    else hosts?.delete(host);
  }
}

/** One change. */
class Watch {
  readonly id: number;
  readonly signs: readonly Sign[];
  readonly atMs: (number | null)[];
  /** Signs that each proxy has not seen yet, as bits. */
  readonly #missing: Uint8Array;
  #left: number;

  constructor(id: number, proxies: number, signs: readonly Sign[]) {
    this.id = id;
    this.signs = signs;
    this.atMs = Array.from({ length: proxies }, () => null);
    this.#missing = new Uint8Array(proxies).fill((1 << signs.length) - 1);
    this.#left = proxies;
  }

  misses(proxy: number, bit: number): boolean {
    return ((this.#missing[proxy] ?? 0) & bit) !== 0;
  }

  /** Takes a sign that a proxy missed; returns whether by it every proxy has seen all. */
  see(proxy: number, bit: number, atMs: number): boolean {
    const missing = (this.#missing[proxy] ?? 0) & ~bit;
    this.#missing[proxy] = missing;
    if (missing !== 0) return false;
    this.atMs[proxy] = atMs;
    this.#left -= 1;
    return this.#left === 0;
  }
}

function search({ host, has, lacks }: Sign, watch: Watch, bit: number): SearchedSign {
  const addresses = (address: string | undefined): readonly Buffer[] =>
    address === undefined ? [] : [addressField(address)];
  return { watch, bit, has: [Buffer.from(host), ...addresses(has)], lacks: addresses(lacks) };
}

/** A string of a protobuf message is preceded by its length, so that `198.18.1.1` is not found in `198.18.1.11`. */
function addressField(address: string): Buffer {
  return Buffer.from(`${String.fromCharCode(address.length)}${address}`);
}

/** A name like `outbound|80||web.shop.svc` says whose the resource is; one like `80`, of a route table, does not. */
function candidates(hosts: SignsOfHosts, { name }: ReadResource): readonly SearchedSign[] {
  const bar = name.lastIndexOf("|");
  return bar === -1 ? [...hosts.values()].flat() : (hosts.get(name.slice(bar + 1)) ?? []);
}

function shows({ has, lacks }: SearchedSign, bytes: Buffer): boolean {
  return has.every((part) => bytes.includes(part)) && !lacks.some((part) => bytes.includes(part));
}
