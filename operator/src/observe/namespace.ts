import { labels } from "@meshwright/contract/labels";
import type { KubeObject } from "@meshwright/kube/types";
import { createdAnnotation } from "../api/names.ts";
import type { NamespaceState } from "./types.ts";

/** Reads what an install must know about its namespace. */
export function readNamespace(namespace: KubeObject | undefined, install: string): NamespaceState {
  if (namespace === undefined) return { kind: "missing" };
  const { metadata } = namespace;
  const podSecurity = metadata.labels?.["pod-security.kubernetes.io/enforce"];
  return {
    kind: "present",
    created: metadata.labels?.[labels.install] === install && metadata.annotations?.[createdAnnotation] === "true",
    terminating: metadata.deletionTimestamp !== undefined,
    ...(podSecurity === undefined ? {} : { podSecurity }),
  };
}
