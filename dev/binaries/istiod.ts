import { join } from "node:path";
import type { StepReport } from "../progress/progress.ts";
import { cached, cacheRoot } from "./cache.ts";
import { goBuild } from "./go-build.ts";
import { versions } from "./versions.ts";

const folder = `istiod-${versions.istio}`;

/**
 * Returns the path of Istio's control plane, which benchmarks measure beside ours: built the first time, in about seven
 * minutes of CPU, with the tags of Istio's own releases.
 */
export async function istiodBinary(report: StepReport): Promise<string> {
  const packages = ["istio.io/istio/pilot/cmd/pilot-discovery"];
  await cached(folder, (target) =>
    goBuild({ module: "istio", packages, ldflags: "-s -w", tags: "vtprotobuf,disable_pgv" }, target, report),
  );
  return istiodPath();
}

/** Where it is once it was built. */
export function istiodPath(): string {
  return join(cacheRoot(), folder, "pilot-discovery");
}
