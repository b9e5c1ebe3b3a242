import type { Changed, Collection, Dependent, Value } from "./collection.ts";

/** Which of a transform's keys read what of one other collection. */
export class Dependency implements Dependent<Value> {
  /** Most values have one reader, for which a set would be most of the cost. */
  readonly #readers = new Map<string, string | Set<string>>();
  readonly #readersOfAll = new Set<string>();
  readonly #onChange: (reader: string) => void;
  readonly #detach: () => void;

  /** @param onChange told the key whose transform has to run again */
  constructor(collection: Collection<Value>, onChange: (reader: string) => void) {
    this.#onChange = onChange;
    this.#detach = collection.attach(this);
  }

  /** Remembers that a key read one value, or its absence. Says whether that is new. */
  add(reader: string, key: string): boolean {
    const readers = this.#readers.get(key);
    if (readers === undefined) this.#readers.set(key, reader);
    else if (typeof readers === "string") {
      if (readers === reader) return false;
      this.#readers.set(key, new Set([readers, reader]));
    } else {
      if (readers.has(reader)) return false;
      readers.add(reader);
    }
    return true;
  }

  /** Remembers that a key read everything. Says whether that is new. */
  addAll(reader: string): boolean {
    if (this.#readersOfAll.has(reader)) return false;
    this.#readersOfAll.add(reader);
    return true;
  }

  remove(reader: string, key: string): void {
    const readers = this.#readers.get(key);
    if (readers === reader) this.#readers.delete(key);
    if (typeof readers !== "object") return;
    readers.delete(reader);
    if (readers.size === 0) this.#readers.delete(key);
  }

  removeAll(reader: string): void {
    this.#readersOfAll.delete(reader);
  }

  inputChanged(changed: Changed<Value>): void {
    for (const reader of this.#readersOfAll) this.#onChange(reader);
    for (const key of changed.keys()) {
      const readers = this.#readers.get(key) ?? [];
      for (const reader of typeof readers === "string" ? [readers] : readers) this.#onChange(reader);
    }
  }

  detach(): void {
    this.#detach();
  }
}
