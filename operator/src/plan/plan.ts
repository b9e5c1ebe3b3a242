import { isDeleting } from "../api/mesh-install.ts";
import type { Observed } from "../observe/types.ts";
import { planInstall } from "./install.ts";
import type { OperatorSettings } from "./installation.ts";
import { noReports, type Plan } from "./step.ts";
import { planUninstall } from "./uninstall.ts";
import { validate } from "./validate.ts";

/** Decides what to do next for one MeshInstall, and what is true about it now. Deterministic in its input. */
export function plan(observed: Observed, settings: OperatorSettings): Plan {
  if (isDeleting(observed.install)) return planUninstall(observed, settings);
  const problems = validate(observed);
  if (problems.length > 0) return { steps: [], verdict: { kind: "refused", problems }, ...noReports };
  return planInstall(observed, settings);
}
