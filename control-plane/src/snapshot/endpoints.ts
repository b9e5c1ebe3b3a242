import type { Collection } from "@meshwright/collections/collection";
import { translateLoadAssignments } from "../translate/endpoint/load-assignment.ts";
import type { Reachable } from "./backends.ts";
import type { Encoder } from "./encoder.ts";
import { serviceOrigin } from "./origins.ts";
import { endpointKind } from "./resource-kinds.ts";
import type { Settings } from "./sources.ts";
import { type Resources, translated } from "./translated.ts";

/** The endpoints of the Services' clusters. */
export function deriveEndpoints(reachable: Collection<Reachable>, settings: Settings, encoder: Encoder): Resources {
  return translated(reachable, settings, ({ service, byPort }, current) =>
    encoder.encode(endpointKind, () => translateLoadAssignments(service, byPort, current), serviceOrigin(service)),
  );
}
