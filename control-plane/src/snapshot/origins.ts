import type { Collection } from "@meshwright/collections/collection";
import type { Service } from "../model/service.ts";
import type { ObjectReference } from "../serve/view.ts";

/**
 * Says of which objects a resource is made, whenever it is asked. A listener that Services share stays the same while some
 * of them come and go, so that a list which is part of it would have to be out of date or to change it. It is asked for each
 * resource that is sent: the same list until that changes.
 */
export type Origins = () => readonly ObjectReference[];

/** Lists of objects, by what is made of them. */
export type OriginLists = Collection<readonly ObjectReference[]>;

/** Says what stands in a list, for as long as it is there. */
export function listedOrigins(lists: OriginLists, key: string): Origins {
  return () => lists.get(key) ?? none;
}

const none: readonly ObjectReference[] = [];

/** What is made of settings alone: nobody told the model which object they come from. */
export const noOrigins: Origins = () => none;

export function serviceOrigin({ namespace, name }: Service): Origins {
  const origins = [serviceReference({ namespace, name })];
  return () => origins;
}

export function serviceReference({ namespace, name }: Pick<Service, "namespace" | "name">): ObjectReference {
  return { apiVersion: "v1", kind: "Service", namespace, name };
}

/** Refers to a PeerAuthentication by its key, `namespace/name`. */
export function policyReference(key: string): ObjectReference {
  const [namespace = "", name = ""] = key.split("/");
  return { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication", namespace, name };
}
