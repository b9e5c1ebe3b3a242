import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNative } from "./native-build.ts";

/** The program of `proxy/native`, built as the images build it; disposing removes it. */
export class NativeProgram implements Disposable {
  readonly #dir = mkdtempSync(join(tmpdir(), "meshwright-native-"));
  readonly #programs = buildNative(this.#dir).programs;

  /** Path of the program under one of its names. */
  path(name: "meshwright" | "meshwright-cni" | "meshwright-drain" | "meshwright-wait"): string {
    return join(this.#programs, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#dir, { recursive: true });
  }
}
