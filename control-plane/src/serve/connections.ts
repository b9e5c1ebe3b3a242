import type { Socket } from "node:net";
import { type Logger, silentLogger } from "@meshwright/log/logger";
import { Connection, localPeer } from "./connection.ts";
import { type ConnectionLimits, defaultConnectionLimits } from "./limits.ts";
import { type ServeObserver, silentObserver } from "./observer.ts";
import type { Refusal, RefusalReason } from "./refusal.ts";
import { Tally } from "./tally.ts";

export interface ConnectionsOptions {
  readonly limits: ConnectionLimits;
  readonly observer: ServeObserver;
  readonly log: Logger;
}

/** The connections of a replica, and how many there may be. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #observer: ServeObserver;
  readonly #log: Logger;
  readonly #open = new Set<Connection>();
  readonly #byPeer = new Map<string, Connection>();
  /** Connections with a certificate by identity, and those without by address. */
  readonly #members = new Tally();
  readonly #newcomers = new Tally();

  constructor(options: Partial<ConnectionsOptions> = {}) {
    this.#limits = options.limits ?? defaultConnectionLimits;
    this.#observer = options.observer ?? silentObserver;
    this.#log = options.log ?? silentLogger;
  }

  get limits(): ConnectionLimits {
    return this.#limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes in a connection that was accepted; undefined when there are too many, and it was closed. */
  accept(socket: Socket): Connection | undefined {
    const connection = new Connection(socket);
    const reason = this.#overLimit(connection.address);
    if (reason !== undefined) return this.#refuse(connection, reason);
    this.#open.add(connection);
    if (connection.peer !== localPeer) this.#byPeer.set(connection.peer, connection);
    this.#newcomers.add(connection.address);
    connection.onceClosed(() => this.#forget(connection));
    return connection;
  }

  /** Moves a connection that has proven who it is; false when there are too many of its identity, and it was closed. */
  identified(connection: Connection): boolean {
    const { identity, address } = connection;
    if (identity === undefined) return true;
    this.#newcomers.remove(address);
    if (this.#members.add(identity) <= this.#limits.perIdentity) return true;
    this.#refuse(connection, "TooManyConnectionsOfIdentity");
    return false;
  }

  /** The connection of a call by the name that gRPC gives its peer. */
  of(peer: string): Connection | undefined {
    return this.#byPeer.get(peer);
  }

  /** Closes a connection at once, for a reason that is counted. */
  cut(peer: string, reason: RefusalReason): void {
    const connection = this.#byPeer.get(peer);
    if (connection !== undefined) this.#refuse(connection, reason);
  }

  /** Closes a connection at once whose client cannot be told why. */
  readonly disconnect = (peer: string): void => this.#byPeer.get(peer)?.close();

  closeAll(): void {
    for (const connection of this.#open) connection.close();
  }

  /** Resolves when no connection is left. */
  async emptied(): Promise<void> {
    const closed = [...this.#open].map((connection) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      connection.onceClosed(resolve);
      return promise;
    });
    await Promise.all(closed);
  }

  /** Counts and logs what was refused to a client. */
  refused(peer: string, { reason, message }: Refusal): void {
    this.#observer.refused(reason);
    this.#log.warn({ peer, identity: this.#byPeer.get(peer)?.identity, reason, detail: message }, "client refused");
  }

  /** Cuts off the clients whose requests take the most, while all that are unfinished take too much. */
  cutUnfinished(): void {
    const connections = [...this.#open];
    let total = connections.reduce((sum, { unfinishedBytes }) => sum + unfinishedBytes, 0);
    if (total <= this.#limits.unfinishedBytes) return;
    for (const connection of connections.toSorted((a, b) => b.unfinishedBytes - a.unfinishedBytes)) {
      if (total <= this.#limits.unfinishedBytes) return;
      total -= connection.unfinishedBytes;
      this.#refuse(connection, "TooMuchUnfinished");
    }
  }

  #overLimit(address: string): RefusalReason | undefined {
    const { total, newcomers, newcomersPerAddress } = this.#limits;
    if (this.#open.size >= total) return "TooManyConnections";
    if (this.#newcomers.total >= newcomers) return "TooManyNewcomers";
    return this.#newcomers.of(address) >= newcomersPerAddress ? "TooManyNewcomersOfAddress" : undefined;
  }

  #refuse(connection: Connection, reason: RefusalReason): undefined {
    this.refused(connection.peer, { reason, message: "connection closed" });
    connection.close();
  }

  #forget(connection: Connection): void {
    const { peer, identity, address } = connection;
    this.#open.delete(connection);
    this.#byPeer.delete(peer);
    if (identity === undefined) this.#newcomers.remove(address);
    else this.#members.remove(identity);
  }
}
