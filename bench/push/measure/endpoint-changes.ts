import { setTimeout as delay } from "node:timers/promises";
import { endpointSlices } from "@meshwright/kube/resource-types";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { endpointSlice, type MeshService } from "../../mesh/objects.ts";
import type { Sign } from "../clients/messages.ts";
import { type Change, type Latency, summarizeChanges } from "./latency.ts";
import { hostOf, measureChange, type Running } from "./running.ts";

/** As long as it takes both to forget that there was a change before. */
const pauseMs = 500;

/** A Service's last pod becomes unready, or ready again. */
export interface Toggle {
  readonly signs: readonly Sign[];
  readonly write: () => Promise<unknown>;
}

/** Takes the last pod out of a Service's endpoints, or brings it back. */
export function toggle({ kube }: Pick<Running, "kube">, service: MeshService, isReady: boolean): Toggle {
  const ready = isReady ? service.pods : service.pods.slice(0, -1);
  const last = service.pods.at(-1)?.address ?? "";
  const sign = { type: typeUrls.endpoint, host: hostOf(service) };
  return {
    signs: [isReady ? { ...sign, has: last } : { ...sign, lacks: last }],
    write: () => kube.update(endpointSlices, endpointSlice(service, ready)),
  };
}

/** What a fresh process compiles and reserves when something first changes is not what a change takes. */
const warmUpPairs = 10;

/** One endpoint changes, while nothing else happens; each time of another Service, and back again. */
export async function measureEndpointChanges(running: Running, pairs: number): Promise<Latency> {
  await changeEach(running, 0, Math.min(warmUpPairs, pairs));
  return summarizeChanges(await changeEach(running, warmUpPairs, pairs));
}

async function changeEach(running: Running, first: number, pairs: number): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (let index = first; index < first + pairs; index++) {
    const service = running.services[index % running.services.length];
    if (service === undefined) break;
    for (const isReady of [false, true]) {
      const { signs, write } = toggle(running, service, isReady);
      changes.push(await measureChange(running, signs, write));
      await delay(pauseMs);
    }
  }
  return changes;
}
