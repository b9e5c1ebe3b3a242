import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeService } from "./kube-shapes.ts";
import { readService } from "./read-service.ts";

function read(spec: KubeService["spec"]) {
  const metadata = { name: "web", namespace: "shop" };
  return readService({ apiVersion: "v1", kind: "Service", metadata, ...(spec === undefined ? {} : { spec }) });
}

describe("a Service", () => {
  test("keeps its addresses, TCP ports and selector", () => {
    const service = read({
      clusterIP: "198.19.0.1",
      clusterIPs: ["198.19.0.1", "2001:2::1"],
      selector: { app: "web" },
      ports: [
        { name: "http", port: 80, targetPort: "web" },
        { name: "dns", port: 53, protocol: "UDP" },
      ],
    });
    assert.deepEqual(service, {
      namespace: "shop",
      name: "web",
      addressing: { kind: "virtual", addresses: ["198.19.0.1", "2001:2::1"] },
      ports: [{ name: "http", port: 80, protocol: "http", targetPort: { kind: "name", name: "web" } }],
      selector: { app: "web" },
    });
  });

  const headless: Record<string, KubeService["spec"]> = {
    "is headless with clusterIP None": { clusterIP: "None", clusterIPs: ["None"] },
    "is headless as long as it has no address": {},
    "is headless without a spec": undefined,
  };
  for (const [name, spec] of Object.entries(headless)) {
    test(name, () => assert.deepEqual(read(spec).addressing, { kind: "headless" }));
  }

  test("is an alias of its host when it is an ExternalName Service, whatever ports it lists", () => {
    const ports = [{ port: 80 }];
    const alias = read({ type: "ExternalName", externalName: "Web.Shop.svc.cluster.local.", ports });
    assert.deepEqual(alias.addressing, { kind: "alias", host: "web.shop.svc.cluster.local" });
    assert.deepEqual(alias.ports, []);
  });

  const targets: Record<string, { targetPort?: number | string }> = {
    "targets its own port when nothing is said": {},
    "targets its own port when the target is 0": { targetPort: 0 },
  };
  for (const [name, target] of Object.entries(targets)) {
    test(name, () => {
      const service = read({ clusterIP: "198.19.0.1", ports: [{ port: 80, ...target }] });
      assert.deepEqual(service?.ports[0]?.targetPort, { kind: "number", port: 80 });
    });
  }
});
