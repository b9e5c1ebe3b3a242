import { execFileSync } from "node:child_process";

/** How a program runs in a namespace. */
export interface Inside {
  /** User and group. */
  readonly uid: number;
  /** Folders that the program finds in place of others: what is there by where it sees it, outer folders first. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** Binds each pair of target and source up to `--`, then becomes the rest of the command. */
const mountAndRun = `set -e; while [ "$1" != -- ]; do mount --bind "$2" "$1"; shift 2; done; shift; exec "$@"`;

/** A network of its own, as a pod or a node has it, with nothing but loopback. Disposing removes it. */
export class NetworkNamespace implements Disposable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    execFileSync("ip", ["netns", "add", name]);
    this.ip("link set lo up");
  }

  /** Runs `ip` with space-separated arguments. Errors: throws with what it says. */
  ip(args: string): void {
    execFileSync("ip", ["-n", this.name, ...args.split(" ")]);
  }

  /** Sets a kernel parameter of the network, as `net/ipv4/ip_forward`. */
  sysctl(key: string, value: string): void {
    execFileSync("nsenter", [this.#enter, "tee", `/proc/sys/${key}`], { input: value });
  }

  /** Loads rules in the form of `nft -f`, all or none. */
  loadRules(rules: string): void {
    execFileSync("nsenter", [this.#enter, "nft", "-f", "-"], { input: rules });
  }

  /** Returns the command line that runs a program inside; it stays one process, so that signals reach the program. */
  command({ uid, mounts = {} }: Inside, program: string, args: readonly string[]): [string, string[]] {
    const user = ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
    const shell = ["unshare", "--mount", "sh", "-c", mountAndRun, "sh"];
    return ["nsenter", [this.#enter, ...shell, ...Object.entries(mounts).flat(), "--", ...user, program, ...args]];
  }

  [Symbol.dispose](): void {
    execFileSync("ip", ["netns", "delete", this.name]);
  }

  get #enter(): string {
    return `--net=/run/netns/${this.name}`;
  }
}
