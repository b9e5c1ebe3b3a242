import { isDeleting } from "../api/mesh-install.ts";
import type { Observed } from "../observe/types.ts";
import { planInstall } from "./install.ts";
import type { OperatorSettings } from "./installation.ts";
import type { Plan } from "./step.ts";
import { planUninstall } from "./uninstall.ts";
import { catalogueEntry, validate } from "./validate.ts";

/** Decides what to do next for one MeshInstall, and what is true about it now. Deterministic in its input. */
export function plan(observed: Observed, settings: OperatorSettings): Plan {
  if (isDeleting(observed.install)) return planUninstall(observed, settings);
  const problems = validate(observed, settings);
  const entry = catalogueEntry(observed.install, settings);
  if (problems.length > 0 || entry === undefined) return { steps: [], verdict: { kind: "refused", problems } };
  return planInstall(observed, entry, settings);
}
