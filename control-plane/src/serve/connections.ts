import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Logger, silentLogger } from "@meshwright/log/logger";
import { Connection, localPeer, type Stage } from "./connection.ts";
import { type ConnectionLimits, defaultConnectionLimits } from "./limits.ts";
import { type ServeObserver, silentObserver } from "./observer.ts";
import type { Refusal, RefusalReason } from "./refusal.ts";
import { Refusals } from "./refusals.ts";
import { Tally } from "./tally.ts";

export interface ConnectionsOptions {
  readonly limits: ConnectionLimits;
  readonly observer: ServeObserver;
  readonly log: Logger;
}

/** The connections of a replica, and how many there may be. */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #refusals: Refusals;
  readonly #open = new Set<Connection>();
  readonly #byPeer = new Map<string, Connection>();
  #heldBytes = 0;
  /** Members by identity, all others by address. */
  readonly #stages: Readonly<Record<Stage, Tally>> = {
    handshaking: new Tally(),
    newcomer: new Tally(),
    member: new Tally(),
  };

  constructor(options: Partial<ConnectionsOptions> = {}) {
    this.#limits = options.limits ?? defaultConnectionLimits;
    this.#refusals = new Refusals(options.observer ?? silentObserver, options.log ?? silentLogger);
  }

  get limits(): ConnectionLimits {
    return this.#limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes in a connection that was accepted; undefined when there are too many, and it was closed. */
  accept(socket: Socket): Connection | undefined {
    const connection = new Connection(socket, (changeBytes) => this.#held(changeBytes));
    if (this.#open.size >= this.#limits.total) return this.#refuse(connection, "TooManyConnections");
    this.#open.add(connection);
    if (connection.peer !== localPeer) this.#byPeer.set(connection.peer, connection);
    this.#count(connection, 1);
    connection.onceClosed(() => this.#forget(connection));
    return this.#isWithinLimits(connection) ? connection : undefined;
  }

  /** Takes in who it is once TLS is up; false when there are too many of these, and it was closed. */
  secured(connection: Connection, tls: TLSSocket): boolean {
    this.#count(connection, -1);
    connection.secured(tls);
    this.#count(connection, 1);
    return this.#isWithinLimits(connection);
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
  refused(peer: string, refusal: Refusal): void {
    this.#refusals.report(refusal, { peer, identity: this.#byPeer.get(peer)?.identity });
  }

  /** Cuts off the client whose requests take the most, while all that are unfinished take too much. */
  #held(changeBytes: number): void {
    this.#heldBytes += changeBytes;
    if (changeBytes <= 0 || this.#heldBytes <= this.#limits.unfinishedBytes) return;
    const [largest] = [...this.#open].toSorted((a, b) => b.heldBytes - a.heldBytes);
    if (largest !== undefined) this.#refuse(largest, "TooMuchUnfinished");
  }

  #isWithinLimits(connection: Connection): boolean {
    const reason = this.#overLimit(connection);
    if (reason !== undefined) this.#refuse(connection, reason);
    return reason === undefined;
  }

  #overLimit({ stage, address, identity }: Connection): RefusalReason | undefined {
    const { handshakesPerAddress, newcomers, newcomersPerAddress, perIdentity } = this.#limits;
    const { handshaking, newcomer, member } = this.#stages;
    switch (stage) {
      case "handshaking":
        return handshaking.of(address) > handshakesPerAddress ? "TooManyHandshakesOfAddress" : undefined;
      case "newcomer":
        if (newcomer.total > newcomers) return "TooManyNewcomers";
        return newcomer.of(address) > newcomersPerAddress ? "TooManyNewcomersOfAddress" : undefined;
      case "member":
        return member.of(identity ?? "") > perIdentity ? "TooManyConnectionsOfIdentity" : undefined;
    }
  }

  #count({ stage, address, identity }: Connection, change: 1 | -1): void {
    this.#stages[stage].add(identity ?? address, change);
  }

  #refuse(connection: Connection, reason: RefusalReason): undefined {
    this.refused(connection.peer, { reason, message: "connection closed" });
    connection.close();
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection);
    this.#byPeer.delete(connection.peer);
    this.#count(connection, -1);
  }
}
