import type { Collection } from "@meshwright/collections/collection";
import type { Group } from "@meshwright/collections/group";
import { indexBy } from "@meshwright/collections/index-by";
import { map } from "@meshwright/collections/map";
import type { Service } from "../model/service.ts";
import { isSharedHttpPort } from "../translate/listener/http-ports.ts";
import type { Sources } from "./sources.ts";

/** The ports on which Services share a listener and are told apart by their routes; keys are the numbers in decimal. */
export interface HttpPorts {
  readonly numbers: Collection<number>;
  readonly services: Collection<Group<Service>>;
}

export function deriveHttpPorts(services: Sources["services"]): HttpPorts {
  const byPort = indexBy(services, ({ ports }) => ports.filter(isSharedHttpPort).map(({ port }) => String(port)));
  return { numbers: map(byPort, (_, port) => Number(port)), services: byPort };
}
