import { readFileSync } from "node:fs";
import type { StepReport } from "../progress/progress.ts";
import { kubectl } from "./kubectl.ts";
import { withRegistry } from "./registry.ts";

/** Applies the MeshInstall of a file, named default, and waits until it is ready. */
export async function installMesh(file: string, report: StepReport): Promise<void> {
  const manifest = withRegistry(readFileSync(file, "utf8"));
  // The suites apply it under the same name: whoever comes second must be able to take a field back.
  await kubectl(["apply", "--server-side", "--force-conflicts", "--field-manager=suites", "-f", "-"], manifest);
  report.note("wait for Ready");
  await kubectl(["wait", "meshinstall/default", "--for=condition=Ready", "--timeout=300s"]);
}
