import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type SpiffeId, spiffeId } from "@meshwright/contract/identity";
import { peerIdentity } from "./peer.ts";

/** How gRPC names the peer of each call over a Unix socket: such connections cannot be told apart. */
export const localPeer = "unknown";

/** How far a connection has come: TLS is not up yet; a client without a certificate; one that has proven who it is. */
export type Stage = "handshaking" | "newcomer" | "member";

/** One connection, from its acceptance on. */
export class Connection {
  /** `address:port` of the client, as gRPC names the peer of a call. */
  readonly peer: string;
  /** Empty for a Unix socket. */
  readonly address: string;
  readonly #socket: Socket;
  #tls: TLSSocket | undefined;
  #identity: SpiffeId | undefined;
  #hasCalled = false;
  #settledBytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = socket.remoteAddress ?? "";
    this.peer = this.address === "" ? localPeer : `${this.address}:${socket.remotePort}`;
  }

  /** Takes in who it is, once TLS is up. */
  secured(tls: TLSSocket): void {
    this.#tls = tls;
    const identity = tls.authorized ? peerIdentity(tls.getPeerCertificate().subjectaltname) : undefined;
    this.#identity = identity && spiffeId(identity);
  }

  get stage(): Stage {
    if (this.#tls === undefined) return "handshaking";
    return this.#identity === undefined ? "newcomer" : "member";
  }

  /** Who it has proven to be; undefined while it is no member. */
  get identity(): SpiffeId | undefined {
    return this.#identity;
  }

  /** Notes that a call was made on it. */
  called(): void {
    this.#hasCalled = true;
  }

  /** Whether no call was made on it, as far as can be told. */
  get isSilent(): boolean {
    return !this.#hasCalled && this.peer !== localPeer;
  }

  /** Notes that a request is complete. */
  received(): void {
    this.#settledBytes = this.#tls?.bytesRead ?? 0;
  }

  /** Bytes that were read since a request was complete. */
  get unfinishedBytes(): number {
    return this.#tls === undefined ? 0 : this.#tls.bytesRead - this.#settledBytes;
  }

  onceClosed(listener: () => void): void {
    this.#socket.once("close", listener);
  }

  /** Closes it at once, whatever is under way. */
  close(): void {
    this.#tls?.destroy();
    this.#socket.destroy();
  }
}
