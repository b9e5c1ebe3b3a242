import { fromBinary } from "@bufbuild/protobuf";
import { NodeSchema } from "@meshwright/xds-api/gen/envoy/config/core/v3/base_pb";
import { Later } from "./later.ts";
import type { Command, Counts, Report } from "./messages.ts";
import { Proxy } from "./proxy.ts";
import { Watches } from "./watches.ts";

type Connect = Extract<Command, { readonly kind: "connect" }>;

/** When a proxy acknowledges what it read: a network and the main thread of an Envoy that has work take some such time. */
const answerMs = 5;

/**
 * All proxies of the process. In processes of their own none would note an arrival later because another reads or answers, so
 * first all that has arrived is noted, then it is read, and then answered.
 */
export class Proxies {
  readonly #report: (report: Report) => void;
  readonly #now: () => number;
  readonly #counts = { bytes: 0, responses: 0, resources: 0, retries: 0, lastRetry: "" } satisfies Counts;
  readonly #reading = new Later(setImmediate);
  readonly #answering = new Later((run) => setTimeout(run, answerMs));
  #watches = new Watches(0, () => undefined);

  constructor(report: (report: Report) => void, now: () => number) {
    this.#report = report;
    this.#now = now;
  }

  obey(command: Command): void {
    switch (command.kind) {
      case "connect":
        return this.#connect(command);
      case "watch":
        this.#watches.add(command.id, command.signs);
        return this.#report({ kind: "watching", id: command.id });
      case "giveUp":
        return this.#watches.giveUp(command.id);
      case "count":
        return this.#report({ kind: "counted", counts: { ...this.#counts } });
    }
  }

  /** All at once, as after a restart of the control plane. */
  #connect({ target, node, proxies, expected }: Connect): void {
    const common = fromBinary(NodeSchema, Buffer.from(node, "base64"));
    this.#watches = new Watches(proxies.length, (id, atMs) => this.#report({ kind: "seen", id, atMs }));
    const beganMs = this.#now();
    const atMs = new Map<number, number>();
    const configured = (index: number): void => {
      if (atMs.size === proxies.length) return;
      atMs.set(index, this.#now());
      if (atMs.size === proxies.length) this.#report({ kind: "configured", beganMs, atMs: [...atMs.values()] });
    };
    for (const [index, spec] of proxies.entries()) {
      new Proxy({
        target,
        node: common,
        spec,
        expected,
        now: this.#now,
        read: (task) => this.#reading.add(task),
        answer: (task) => this.#answering.add(task),
        onResponse: (response, bytes, atMs) => {
          this.#counts.bytes += bytes;
          this.#counts.responses += 1;
          this.#counts.resources += response.resources.length;
          this.#watches.saw(index, response, atMs);
        },
        onConfigured: () => configured(index),
        onRetry: (reason) => {
          this.#counts.retries += 1;
          this.#counts.lastRetry = reason;
        },
      }).connect();
    }
  }
}
