import type { Pod } from "../pod.ts";
import type { PodSettings } from "../pod-settings.ts";
import type { Annotation } from "./annotation.ts";
import { annotationTable } from "./table.ts";

/** The settings that hold for a pod, or what is wrong with an annotation, in words for its user. */
export type ReadSettings =
  | { readonly kind: "valid"; readonly settings: PodSettings; readonly warnings: readonly string[] }
  | { readonly kind: "invalid"; readonly detail: string };

/** A longer value is not parsed at all: nobody writes one by hand. */
const maxValueLength = 16 * 1024;

/** Applies the annotations of a pod to the mesh's settings. The first bad value refuses all. */
export function readAnnotations(pod: Pod, defaults: PodSettings): ReadSettings {
  const values = pod.metadata.annotations ?? {};
  let settings = defaults;
  const warnings: string[] = [];
  for (const row of annotationTable) {
    const text = Object.hasOwn(values, row.name) ? values[row.name] : undefined;
    if (text === undefined) continue;
    if (text.length > maxValueLength) return refused(row, text, `at most ${maxValueLength} characters`);
    const parsed = row.read(text);
    if (parsed.kind === "invalid") return refused(row, text, parsed.wanted);
    settings = parsed.value(settings);
    for (const warning of parsed.warnings ?? []) warnings.push(`annotation "${row.name}": ${warning}`);
  }
  return { kind: "valid", settings, warnings };
}

function refused({ name }: Annotation, text: string, wanted: string): ReadSettings {
  const shown = text.length > 100 ? `${text.slice(0, 100)}...` : text;
  return {
    kind: "invalid",
    detail: `annotation "${name}" is ${JSON.stringify(shown)}: set it to ${wanted}, or remove it`,
  };
}
