import { Tally } from "./tally.ts";

/** What a stream is told when another takes its place. */
export interface OpenStream {
  giveWay(): void;
}

/** Counts the streams of each connection and of each node. */
export class OpenStreams {
  readonly #byPeer = new Tally();
  readonly #byNode = new Map<string, Set<OpenStream>>();

  /** Counts a stream of a connection until the returned function is called; undefined when it has as many as it may. */
  ofConnection(peer: string, limit: number): (() => void) | undefined {
    if (this.#byPeer.of(peer) >= limit) return undefined;
    this.#byPeer.add(peer, 1);
    return () => this.#byPeer.add(peer, -1);
  }

  /**
   * Counts a stream of a node until the returned function is called. Where there are too many the oldest gives way: it
   * may be one whose client is gone, while the new one is surely there.
   */
  ofNode(nodeId: string, stream: OpenStream, limit: number): () => void {
    const streams = this.#byNode.get(nodeId) ?? new Set();
    this.#byNode.set(nodeId, streams.add(stream));
    const [oldest] = streams;
    if (streams.size > limit) oldest?.giveWay();
    return () => {
      streams.delete(stream);
      if (streams.size === 0 && this.#byNode.get(nodeId) === streams) this.#byNode.delete(nodeId);
    };
  }
}
