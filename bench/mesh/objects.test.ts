import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readService } from "@meshwright/control-plane/watch/read-service";
import { readWorkload } from "@meshwright/control-plane/watch/read-workload";
import { measuredPod, meshObjects } from "./objects.ts";

const size = { services: 300, endpointsPerService: 4, namespaces: 10 };
const mesh = meshObjects(size);

describe("the mesh of the benchmark", () => {
  test("has HTTP ports everywhere and TCP ports at every second Service, as our readers see them", () => {
    const protocols = mesh
      .slice(0, 4)
      .map(({ service }) => readService(service)?.ports.map(({ protocol }) => protocol));
    assert.deepEqual(protocols, [["http", "tcp"], ["http"], ["http", "tcp"], ["http"]]);
  });

  test("has an address for every Service and every pod, and none twice", () => {
    const services = mesh.map(({ service }) => service.spec?.clusterIP);
    const pods = mesh.flatMap((objects) => objects.pods).flatMap((pod) => readWorkload(pod)?.addresses ?? []);
    assert.deepEqual([new Set(services).size, new Set(pods).size], [300, 1200]);
  });

  test("has the pod whose sidecar is measured, with a sidecar", () => {
    const { name, address } = measuredPod(size);
    const pods = mesh.flatMap((objects) => objects.pods);
    const pod = pods.find(({ metadata }) => metadata.name === name);
    const workload = pod && readWorkload(pod);
    assert.deepEqual([workload?.addresses, workload?.isMeshed], [[address], true]);
  });
});
