import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../../proxy/native/build.sh", import.meta.url));

/** Where a build put what. */
export interface NativeBuild {
  /** The program, under each of its names. */
  readonly programs: string;
  /** Envoy's modules. */
  readonly modules: string;
}

/**
 * Builds what `proxy/native` holds as the images do, into an empty folder. It needs gcc.
 *
 * Errors: throws when the compiler does not take it.
 */
export function buildNative(folder: string): NativeBuild {
  execFileSync("sh", [script, folder]);
  return { programs: `${folder}/bin`, modules: `${folder}/lib` };
}
