/** Names that resources ask for, each for as long as one of them does: a listener's route tables, a cluster's endpoints. */
export class Wanted {
  readonly #byResource = new Map<string, readonly string[]>();
  readonly #uses = new Map<string, number>();
  #begun: string[] = [];
  #ended: string[] = [];

  get resources(): number {
    return this.#byResource.size;
  }

  /** Takes what a resource asks for from now on. */
  set(resource: string, names: readonly string[]): void {
    for (const name of names) this.#use(name, 1);
    for (const name of this.#byResource.get(resource) ?? []) this.#use(name, -1);
    this.#byResource.set(resource, names);
  }

  remove(resource: string): void {
    for (const name of this.#byResource.get(resource) ?? []) this.#use(name, -1);
    this.#byResource.delete(resource);
  }

  /** Takes the names that began and ended to be asked for since the last call. */
  takeChanges(): { readonly begun: readonly string[]; readonly ended: readonly string[] } {
    const changes = { begun: this.#begun, ended: this.#ended };
    [this.#begun, this.#ended] = [[], []];
    return changes;
  }

  #use(name: string, change: 1 | -1): void {
    const before = this.#uses.get(name) ?? 0;
    const after = before + change;
    if (before === 0) this.#begun.push(name);
    if (after > 0) return void this.#uses.set(name, after);
    this.#uses.delete(name);
    this.#ended.push(name);
  }
}
