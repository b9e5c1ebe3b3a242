import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Registry as MetricsRegistry } from "prom-client";
import { Registry } from "./registry.ts";
import { registerRegistryMetrics, registerServiceCount, registerVersion } from "./registry-metrics.ts";

async function lines(register: (metrics: MetricsRegistry) => void): Promise<readonly string[]> {
  const metrics = new MetricsRegistry();
  register(metrics);
  return (await metrics.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

describe("metrics of what is read", () => {
  test("count objects by kind and by what became of them", async () => {
    const found = await lines((metrics) => {
      const { onEvent, onSettings } = registerRegistryMetrics(metrics);
      onEvent("Services", "add");
      onEvent("Endpoints", "update");
      onEvent("Pods", "delete");
      onEvent("PeerAuthentication", "add");
      onSettings();
    });
    for (const line of [
      'pilot_k8s_reg_events{type="Services",event="add"} 1',
      'pilot_k8s_reg_events{type="Endpoints",event="update"} 1',
      'pilot_k8s_reg_events{type="Pods",event="delete"} 1',
      'pilot_k8s_cfg_events{type="PeerAuthentication",event="add"} 1',
      'pilot_push_triggers{type="service"} 1',
      'pilot_push_triggers{type="endpoint"} 1',
      'pilot_push_triggers{type="config"} 1',
      'pilot_push_triggers{type="global"} 1',
    ])
      assert.ok(found.includes(line), `${line} in\n${found.join("\n")}`);
    assert.equal(found.filter((line) => line.startsWith("pilot_push_triggers")).length, 4);
  });

  test("tell configuration that has an effect from configuration that cannot have one", async () => {
    const labels = 'group="security.istio.io",version="v1",resource="peerauthentications"';
    const found = await lines((metrics) => {
      const { onRead } = registerRegistryMetrics(metrics);
      onRead("PeerAuthentication", true);
      onRead("PeerAuthentication", false);
      onRead("EndpointSlice", false); // one of no Service is nobody's mistake
    });
    assert.ok(found.includes(`galley_validation_passed{${labels}} 1`));
    assert.ok(found.includes(`galley_validation_failed{${labels},reason="no_effect"} 1`));
  });

  test("know how many Services there are when they are scraped", async () => {
    const registry = new Registry(() => undefined);
    const service = {
      namespace: "shop",
      name: "web",
      addressing: { kind: "headless" },
      ports: [],
      selector: {},
    } as const;
    registry.setService("shop/web", service);
    assert.deepEqual(await lines((metrics) => registerServiceCount(metrics, registry)), ["pilot_services 1"]);
  });

  test("name the version as Istio's dashboards ask for it", async () => {
    assert.deepEqual(await lines((metrics) => registerVersion(metrics, "v1.1.0")), [
      'pilot_info{version="v1.1.0"} 1',
      'istio_build{component="pilot",tag="v1.1.0"} 1',
    ]);
  });
});
