import { readFileSync } from "node:fs";
import { until } from "@meshwright/testing/until";

/** What a sidecar writes down of the connections that it carried as bytes: one line each, `<from> <URI of the peer>`. */
export class ConnectionLog {
  readonly #file: string;
  readonly #peers = new Map<string, string>();
  #readChars = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Says once who was at the other end of a connection, of which the application saw that it came from `from`. Empty:
   * nobody who could prove it. Errors: rejects when the sidecar does not write it down in time.
   */
  async take(from: string): Promise<string> {
    await until(`the peer of the connection from ${from}`, () => this.#read().has(from));
    const peer = this.#peers.get(from) ?? "";
    // A later connection may have the same port.
    this.#peers.delete(from);
    return peer === "-" ? "" : peer;
  }

  #read(): ReadonlyMap<string, string> {
    const text = readFileSync(this.#file, "utf8");
    const end = text.lastIndexOf("\n") + 1;
    for (const line of text.slice(this.#readChars, end).split("\n")) {
      const [from = "", peer = ""] = line.split(" ");
      this.#peers.set(from, peer);
    }
    this.#readChars = end;
    return this.#peers;
  }
}
