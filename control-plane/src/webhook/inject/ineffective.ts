import { annotations, labels } from "@meshwright/contract/labels";
import { annotationTable } from "./annotations/table.ts";
import type { Pod } from "./pod.ts";

const effective: ReadonlySet<string> = new Set([
  labels.inject,
  annotations.status,
  ...annotationTable.map(({ name }) => name),
]);

/** Prefixes of the annotations by which Istio's users shape one pod's sidecar. */
const prefixes = [
  "sidecar.istio.io/",
  "traffic.sidecar.istio.io/",
  "status.sidecar.istio.io/",
  "readiness.status.sidecar.istio.io/",
  "inject.istio.io/",
  "proxy.istio.io/",
  "prometheus.istio.io/",
];

/** Warnings for annotations that Istio obeys and this version does not: a setting is never dropped in silence. */
export function ineffectiveAnnotations(pod: Pod): readonly string[] {
  return Object.keys(pod.metadata.annotations ?? {})
    .filter((name) => !effective.has(name) && prefixes.some((prefix) => name.startsWith(prefix)))
    .toSorted()
    .map((name) => `annotation "${name}" has no effect in this version of Meshwright: remove it`);
}
