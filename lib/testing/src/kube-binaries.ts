import { existsSync, globSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Finds a Kubernetes or etcd program: in the folder `MESHWRIGHT_TEST_BIN` when it is set, else the newest that
 * `make cluster-up` built into the cache.
 *
 * Errors: throws with the command that makes it.
 */
export function kubeBinary(name: "etcd" | "kube-apiserver" | "kubectl"): string {
  const found = candidates(name).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`cannot find "${name}": build it with "make cluster-up", or set MESHWRIGHT_TEST_BIN to its folder`);
}

function candidates(name: string): readonly string[] {
  const given = process.env["MESHWRIGHT_TEST_BIN"];
  if (given !== undefined) return [join(given, name)];
  const cache = process.env["MESHWRIGHT_CACHE"] ?? join(homedir(), ".cache", "meshwright");
  const newestFirst = new Intl.Collator("en", { numeric: true });
  return globSync(join(cache, "{kubernetes,etcd}-*", name)).toSorted((a, b) => newestFirst.compare(b, a));
}
