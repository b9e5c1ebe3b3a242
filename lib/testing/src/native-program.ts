import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program of `proxy/native`, built as the images build it; disposing removes it. */
export class NativeProgram implements Disposable {
  readonly #dir = mkdtempSync(join(tmpdir(), "meshwright-native-"));

  constructor() {
    execFileSync("sh", [join(import.meta.dirname, "../../../proxy/native/build.sh"), this.#dir]);
  }

  /** Path of the program under one of its names. */
  path(name: "meshwright" | "meshwright-cni" | "meshwright-drain" | "meshwright-wait"): string {
    return join(this.#dir, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#dir, { recursive: true });
  }
}
