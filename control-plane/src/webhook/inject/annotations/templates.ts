import { invalid, type Parsed, valid } from "./parser.ts";

/** What a pod's proxy is for: beside an application, or alone at the mesh's edge. */
export type Template = "sidecar" | "gateway";

/** Reads Istio's list of templates; of ours a pod can have one. */
export function parseTemplate(text: string): Parsed<Template> {
  const name = text.trim();
  return name === "sidecar" || name === "gateway" ? valid(name) : invalid('"sidecar" or "gateway"');
}
