import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import { readVolumeContext } from "@meshwright/proxy/csi/volume-context";
import { parse } from "yaml";
import { identityVolume } from "./identity-volume.ts";
import { inject, type Outcome } from "./inject.ts";
import { type Pod, podSchema } from "./pod.ts";
import { rewriteProbes } from "./probes.ts";

/** What kubelet adds to the attributes of a pod's volume. Source: https://kubernetes-csi.github.io/docs/pod-info.html */
const podInfo = {
  "csi.storage.k8s.io/ephemeral": "true",
  "csi.storage.k8s.io/pod.name": "web",
  "csi.storage.k8s.io/pod.namespace": "shop",
  "csi.storage.k8s.io/pod.uid": "0f5f2a0e-0000-4000-8000-000000000000",
  "csi.storage.k8s.io/serviceAccount.name": "web",
};

function publish(attributes: Readonly<Record<string, string>> = {}): ReturnType<typeof readVolumeContext> {
  return readVolumeContext({ ...podInfo, ...attributes });
}

describe("the node agent accepts the volume of", () => {
  for (const file of globSync("testdata/**/pod.yaml", { cwd: import.meta.dirname }).toSorted()) {
    test(dirname(file), () => {
      const pod = podSchema.parse(parse(readFileSync(join(import.meta.dirname, file), "utf8")));
      const volume = pod.spec.volumes?.find(({ csi }) => csi !== undefined);
      assert.equal(publish(volume?.csi?.volumeAttributes).revision, "default");
    });
  }
});

describe("the limits of injector and node agent are the same:", () => {
  const podWith = (probes: number): Pod => ({
    metadata: { name: "web" },
    spec: {
      containers: Array.from({ length: probes }, (_, index) => ({
        name: `web-${index}`,
        livenessProbe: { httpGet: { port: 80 } },
      })),
    },
  });
  const injected = (pod: Pod): Outcome["kind"] => {
    const namespace = { name: "shop", labels: { "istio-injection": "enabled" } };
    return inject(pod, namespace, { mesh: defaultMeshConfig("default", "proxy"), nativeSidecars: true }).kind;
  };
  const attributes = (pod: Pod): Readonly<Record<string, string>> => {
    const routes = rewriteProbes(pod).map(({ route }) => route);
    return identityVolume({ revision: "default", routes, capture: {}, version: "v1.1.0", redirect: "init" }).csi
      .volumeAttributes;
  };

  test("what is injected is published", () => {
    assert.equal(injected(podWith(64)), "injected");
    assert.equal(publish(attributes(podWith(64))).probes.length, 64);
  });

  test("what would not be published is not injected", () => {
    assert.equal(injected(podWith(65)), "refused");
    assert.throws(() => publish(attributes(podWith(65))));
  });
});
