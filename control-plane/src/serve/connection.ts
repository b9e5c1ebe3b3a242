import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type SpiffeId, spiffeId, type WorkloadIdentity } from "@meshwright/contract/identity";
import { type PeerCertificate, peerCertificate, peerIdentity } from "./peer.ts";

/** How gRPC names the peer of each call over a Unix socket: such connections cannot be told apart. */
export const localPeer = "unknown";

/** How far a connection has come: TLS is not up yet; a client without a certificate; one that has proven who it is. */
export type Stage = "handshaking" | "newcomer" | "member";

/** Who a member is, and by which certificate. */
export interface Member {
  readonly identity: WorkloadIdentity;
  readonly certificate: PeerCertificate;
}

/** One connection, from its acceptance on. */
export class Connection {
  /** `address:port` of the client, as gRPC names the peer of a call. */
  readonly peer: string;
  /** Empty for a Unix socket. */
  readonly address: string;
  readonly #socket: Socket;
  readonly #onHold: (changeBytes: number) => void;
  #tls: TLSSocket | undefined;
  #workload: WorkloadIdentity | undefined;
  readonly #held = new Map<object, number>();
  #certificate: PeerCertificate | undefined;
  #hasCalled = false;

  /** @param onHold told by how much that which is held of its requests has changed, in bytes */
  constructor(socket: Socket, onHold: (changeBytes: number) => void) {
    this.#socket = socket;
    this.#onHold = onHold;
    this.address = socket.remoteAddress ?? "";
    this.peer = this.address === "" ? localPeer : `${this.address}:${socket.remotePort}`;
  }

  /** Takes in who it is, once TLS is up. */
  secured(tls: TLSSocket): void {
    this.#tls = tls;
    const shown = tls.authorized ? tls.getPeerCertificate() : undefined;
    this.#workload = peerIdentity(shown?.subjectaltname);
    this.#certificate = shown && peerCertificate(shown);
  }

  get stage(): Stage {
    if (this.#tls === undefined) return "handshaking";
    return this.#workload === undefined ? "newcomer" : "member";
  }

  /** Who it has proven to be; undefined while it is no member. */
  get identity(): SpiffeId | undefined {
    return this.#workload && spiffeId(this.#workload);
  }

  /** The same in parts, and the certificate that proves it. */
  get member(): Member | undefined {
    if (this.#workload === undefined || this.#certificate === undefined) return undefined;
    return { identity: this.#workload, certificate: this.#certificate };
  }

  /** Notes that a call was made on it. */
  called(): void {
    this.#hasCalled = true;
  }

  /** Whether no call was made on it, as far as can be told. */
  get isSilent(): boolean {
    return !this.#hasCalled && this.peer !== localPeer;
  }

  /** Notes how much of a request that has begun and not ended is held, in bytes. */
  holds(stream: object, bytes: number): void {
    const change = bytes - (this.#held.get(stream) ?? 0);
    if (bytes === 0) this.#held.delete(stream);
    else this.#held.set(stream, bytes);
    if (change !== 0) this.#onHold(change);
  }

  /** What of its requests is held, in bytes. */
  get heldBytes(): number {
    return this.#held.values().reduce((sum, bytes) => sum + bytes, 0);
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
