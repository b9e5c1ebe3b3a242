import type { Service } from "../model/service.ts";
import type { ObjectReference } from "../serve/view.ts";

/** What is made of settings alone: nobody told the model which object they come from. */
export const noOrigins: readonly ObjectReference[] = [];

/** Names the objects that Services were read from. */
export function serviceOrigins(services: readonly Service[]): readonly ObjectReference[] {
  return services.map(({ namespace, name }) => ({ apiVersion: "v1", kind: "Service", namespace, name }));
}
