import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { lines } from "../lines.ts";

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: unknown) => void;
}

/** A TCP connection on which each line sent is answered by one line, in order. */
export class LineConnection {
  readonly #socket: Socket;
  readonly #connected: Promise<unknown>;
  readonly #waiting: Waiting[] = [];
  #isOpen = true;
  #breakage: Error | undefined;

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true });
    this.#connected = once(this.#socket, "connect");
    void this.#read();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What cut the connection off while nobody waited for an answer; undefined while it is open and after a clean end. */
  get breakage(): Error | undefined {
    return this.#breakage;
  }

  /** Errors: rejects when the connection ends first, or the signal aborts; a late answer still takes its turn. */
  async ask(line: string, signal: AbortSignal): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting.push({ resolve, reject });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    this.#socket.write(`${line}\n`);
    return await promise;
  }

  /** Ends it in order: whoever asks next needs another one. */
  end(): void {
    this.#isOpen = false;
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  async #read(): Promise<void> {
    try {
      await this.#connected;
      for await (const line of lines(this.#socket)) this.#waiting.shift()?.resolve(line);
      this.#end(new Error("connection closed"));
    } catch (error) {
      if (this.#waiting.length === 0) this.#breakage = error instanceof Error ? error : new Error(String(error));
      this.#end(error);
    }
  }

  #end(error: unknown): void {
    this.#isOpen = false;
    this.#socket.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
