import assert from "node:assert/strict";
import { test } from "node:test";
import { countConfig, countEndpoints } from "./config-counts.ts";

test("what came in the bootstrap counts like what came from the control plane", () => {
  const configs = [
    { static_clusters: [{}, {}], dynamic_active_clusters: [{}] },
    { dynamic_listeners: [{}, {}, {}], static_listeners: [{}] },
    {
      static_route_configs: [{ route_config: {} }],
      dynamic_route_configs: [{ route_config: { virtual_hosts: [{}, {}] } }],
    },
    {},
  ];
  assert.deepEqual(countConfig({ configs }), { listeners: 4, clusters: 3, routeTables: 2, virtualHosts: 2 });
});

test("an endpoint counts in each cluster that has it", () => {
  const host = { address: {} };
  assert.equal(
    countEndpoints({ cluster_statuses: [{ host_statuses: [host, host] }, {}, { host_statuses: [host] }] }),
    3,
  );
});
