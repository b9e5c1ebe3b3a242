import { endpointSlices, pods, services } from "@meshwright/kube/resource-types";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { createPods } from "../../mesh/fill-cluster.ts";
import { serviceObjects } from "../../mesh/objects.ts";
import { extraService } from "./extra-service.ts";
import { type Change, type Latency, summarizeChanges } from "./latency.ts";
import { untilQuiet } from "./quiet.ts";
import { hostOf, measureChange, type Running } from "./running.ts";

const podsPerService = 4;

/** A Service is added whose pods run already: until proxies have its cluster, its endpoints and its route. */
export async function measureServiceAdded(running: Running, repeats: number): Promise<Latency> {
  const changes: Change[] = [];
  for (let index = 0; index < repeats; index++) changes.push(await addOnce(running, index));
  return summarizeChanges(changes);
}

async function addOnce(running: Running, index: number): Promise<Change> {
  const { kube, controlPlane } = running;
  const added = extraService(`added-${index}`, podsPerService, index * podsPerService);
  const { service, slice, pods: own } = serviceObjects(added);
  await createPods(kube, own);
  await untilQuiet(controlPlane.pid);
  const types = [typeUrls.cluster, typeUrls.endpoint, typeUrls.route];
  const signs = types.map((type) => ({ type, host: hostOf(added) }));
  const write = () => Promise.all([kube.create(services, service), kube.create(endpointSlices, slice)]);
  const change = await measureChange(running, signs, write);
  await kube.delete(services, service.metadata);
  await kube.delete(endpointSlices, slice.metadata);
  for (const { metadata } of own) await kube.delete(pods, metadata, { gracePeriodSeconds: 0 });
  await untilQuiet(controlPlane.pid);
  return change;
}
