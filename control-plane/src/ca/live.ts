/** A value that changes while the process runs. */
export interface Live<T> {
  current(): T;
  /** Calls the listener with every later value; returns how to stop. */
  onChange(listener: (value: T) => void): () => void;
}

/** A live value and the right to change it. */
export class LiveValue<T> implements Live<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  current(): T {
    return this.#value;
  }

  onChange(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sets the value; the same one again tells nobody. */
  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }
}

/** Derives a live value from another; it changes only when the result does. */
export function mapLive<T, U>(source: Live<T>, derive: (value: T) => U): Live<U> {
  const result = new LiveValue(derive(source.current()));
  source.onChange((value) => result.set(derive(value)));
  return result;
}
