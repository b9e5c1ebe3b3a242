import type { Accepted, ProxyView } from "../serve/view.ts";
import type { Mesh } from "./mesh.ts";
import type { ConnectedProxy } from "./sources.ts";

/** Sees nothing: the view of a proxy whose settings went, which they never do. */
const nothing: ProxyView = new Map();

/** A connected proxy, and what it was last shown. */
class Connection {
  readonly listeners = new Set<() => void>();
  #view = nothing;
  #viewName: string | undefined;

  get view(): ProxyView {
    return this.#view;
  }

  /** Name of the view that it is to see; undefined where there is none. */
  get viewName(): string | undefined {
    return this.#viewName;
  }

  lookAt(viewName: string): void {
    this.#viewName = viewName;
  }

  /** A view that is gone leaves a proxy with what it has. */
  show(view: ProxyView | undefined): void {
    if (view === undefined || view === this.#view) return;
    this.#view = view;
    for (const listener of this.listeners) listener();
  }
}

/** The proxies that are connected now: each is a part of the model, and is told when its view changes. */
export class Connections {
  readonly #mesh: Mesh;
  readonly #absorb: (write: () => void) => void;
  readonly #open = new Map<string, Connection>();
  /** By the name of their view: a change of it is one change of the model, and hundreds are told. */
  readonly #viewers = new Map<string, Set<Connection>>();
  #opened = 0;

  /** @param absorb has a write worked off when there is time: nobody waits for what is forgotten with a proxy */
  constructor(mesh: Mesh, absorb: (write: () => void) => void) {
    this.#mesh = mesh;
    this.#absorb = absorb;
    // Both are told when all is settled, in whatever order: each shows what holds then.
    mesh.names.subscribe((changes) => {
      for (const { key } of changes) this.#move(key);
    });
    mesh.views.subscribe((changes) => {
      for (const { key, after } of changes) for (const viewer of this.#viewers.get(key) ?? []) viewer.show(after);
    });
  }

  /** Makes a proxy a part of the model until the last of its listeners has left. */
  open(proxy: ConnectedProxy): Accepted {
    const key = String(this.#opened++);
    // Settles what is not worked off yet: nobody begins with half of a change.
    this.#mesh.sources.proxies.set(key, proxy);
    const connection = new Connection();
    this.#open.set(key, connection);
    this.#move(key);
    return {
      kind: "accepted",
      current: () => connection.view,
      onChange: (listener) => {
        connection.listeners.add(listener);
        return () => this.#leave(key, connection, listener);
      },
    };
  }

  #leave(key: string, connection: Connection, listener: () => void): void {
    if (!connection.listeners.delete(listener) || connection.listeners.size > 0) return;
    this.#open.delete(key);
    this.#turnAway(connection);
    this.#absorb(() => this.#mesh.sources.proxies.set(key, undefined));
  }

  /** Has a connection look at the view that it is to see now. */
  #move(key: string): void {
    const [connection, name] = [this.#open.get(key), this.#mesh.names.get(key)];
    if (connection === undefined || name === undefined) return;
    this.#turnAway(connection);
    connection.lookAt(name);
    const viewers = this.#viewers.get(name) ?? new Set();
    this.#viewers.set(name, viewers.add(connection));
    connection.show(this.#mesh.views.get(name));
  }

  #turnAway(connection: Connection): void {
    const { viewName = "" } = connection;
    const viewers = this.#viewers.get(viewName);
    if (viewers?.delete(connection) === true && viewers.size === 0) this.#viewers.delete(viewName);
  }
}
