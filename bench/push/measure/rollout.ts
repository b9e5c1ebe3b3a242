import { setTimeout as delay } from "node:timers/promises";
import { endpointSlices, pods, services } from "@meshwright/kube/resource-types";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { createPods, createServices } from "../../mesh/fill-cluster.ts";
import { endpointSlice, serviceObjects } from "../../mesh/objects.ts";
import { readCpuMs } from "../../process-usage.ts";
import { extraService } from "./extra-service.ts";
import { type Latency, summarizeChanges } from "./latency.ts";
import { untilQuiet } from "./quiet.ts";
import { hostOf, type Running, writeChange } from "./running.ts";

/** Each step is one pod that came and one that went. */
export interface Rollout extends Latency {
  /** CPU time of the control plane, from the first step until all was quiet again. */
  readonly cpuMs: number;
}

const stepMs = 100;

/** All pods of one Service are replaced, ten a second. */
export async function measureRollout(running: Running, size: number): Promise<Rollout> {
  const { kube, controlPlane } = running;
  const old = extraService("rollout", size, 0);
  const young = extraService("rollout", size, size);
  await createServices(kube, [old]);
  await untilQuiet(controlPlane.pid);
  const cpuBefore = readCpuMs(controlPlane.pid);
  const latency = await replacePods(running, old, young);
  await untilQuiet(controlPlane.pid);
  const cpuMs = readCpuMs(controlPlane.pid) - cpuBefore;
  const { service, slice, pods: left } = serviceObjects(young);
  await kube.delete(services, service.metadata);
  await kube.delete(endpointSlices, slice.metadata);
  for (const { metadata } of left) await kube.delete(pods, metadata, { gracePeriodSeconds: 0 });
  await untilQuiet(controlPlane.pid);
  return { ...latency, cpuMs };
}

type Extra = ReturnType<typeof extraService>;

async function replacePods(running: Running, old: Extra, young: Extra): Promise<Latency> {
  const { kube } = running;
  const written = [];
  for (const [index, pod] of serviceObjects(young).pods.entries()) {
    const step = delay(stepMs);
    await createPods(kube, [pod]);
    const ready = [...young.pods.slice(0, index + 1), ...old.pods.slice(index + 1)];
    const sign = {
      type: typeUrls.endpoint,
      host: hostOf(young),
      has: young.pods[index]?.address ?? "",
      lacks: old.pods[index]?.address ?? "",
    };
    const write = () => kube.update(endpointSlices, endpointSlice(young, ready));
    written.push(await writeChange(running, [sign], write));
    const gone = old.pods[index];
    if (gone !== undefined) await kube.delete(pods, gone, { gracePeriodSeconds: 0 });
    await step;
  }
  return summarizeChanges(await Promise.all(written.map(({ change }) => change)));
}
