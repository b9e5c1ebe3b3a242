import type { FleetProxy } from "@meshwright/contract/fleet";
import { type Access, maySee } from "../caller.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { forbidden, type Sources, shown } from "./endpoint.ts";

/** `<pod>.<namespace>`: namespaces have no dot, pods may. */
const idPattern = /^([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)\.([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** A proxy's name in Istio's tools: `<pod>.<namespace>`. */
export function proxyId({ pod, namespace }: Pick<FleetProxy, "pod" | "namespace">): string {
  return `${pod}.${namespace}`;
}

/** Finds the proxy that the query's `proxyID` names. Of another namespace nobody learns whether it has such a pod. */
export function findProxy(query: URLSearchParams, access: Access, sources: Sources): FleetProxy | Refusal {
  const id = query.get("proxyID") ?? "";
  const [, pod, namespace] = idPattern.exec(id) ?? [];
  if (pod === undefined || namespace === undefined)
    return refuse("BadRequest", `proxyID is "${shown(id)}": set it to <pod>.<namespace>`);
  if (!maySee(access, namespace)) return forbidden(namespace);
  for (const proxy of sources.proxies(namespace)) if (proxy.pod === pod) return proxy;
  return refuse(
    "NotFound",
    `no proxy "${id}" is connected to this replica: ask the other replicas, and look at its log`,
  );
}
