import type { Change } from "@meshwright/collections/collection";
import type { Accepted, ProxyView } from "../serve/view.ts";
import type { Mesh } from "./mesh.ts";
import type { ConnectedProxy } from "./sources.ts";

/** Sees nothing: the view of a proxy whose settings went, which they never do. */
const nothing: ProxyView = new Map();

/** A connected proxy, and what it was last shown. */
interface Connection {
  view: ProxyView;
  readonly listeners: Set<() => void>;
}

/** The proxies that are connected now: each is a part of the model, and is told when its view changes. */
export class Connections {
  readonly #mesh: Mesh;
  readonly #open = new Map<string, Connection>();
  #opened = 0;

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
    mesh.views.subscribe((changes) => this.#show(changes));
  }

  /** Makes a proxy a part of the model until the last of its listeners has left. */
  open(proxy: ConnectedProxy): Accepted {
    const key = String(this.#opened++);
    // Settles what is not worked off yet: nobody begins with half of a change.
    this.#mesh.sources.proxies.set(key, proxy);
    const connection: Connection = { view: this.#mesh.views.get(key) ?? nothing, listeners: new Set() };
    this.#open.set(key, connection);
    return {
      kind: "accepted",
      current: () => connection.view,
      onChange: (listener) => {
        connection.listeners.add(listener);
        return () => this.#leave(key, connection, listener);
      },
    };
  }

  #leave(key: string, { listeners }: Connection, listener: () => void): void {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    this.#open.delete(key);
    this.#mesh.sources.proxies.set(key, undefined);
  }

  #show(changes: readonly Change<ProxyView>[]): void {
    for (const { key, after } of changes) {
      const connection = this.#open.get(key);
      if (connection === undefined || after === undefined) continue;
      connection.view = after;
      for (const listener of connection.listeners) listener();
    }
  }
}
