import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FleetLine } from "./fleet.ts";
import { parseFleetLine, renderFleetLine } from "./fleet-lines.ts";

const proxy: FleetLine = {
  kind: "proxy",
  node: "sidecar~198.18.128.5~web-1.shop~shop.svc.cluster.local",
  identity: "spiffe://cluster.local/ns/shop/sa/web",
  namespace: "shop",
  pod: "web-1",
  envoyVersion: "1.40.0",
  version: "v1.1.0",
  connectedAt: "2030-01-01T00:00:00.000Z",
  certificate: { serial: "0a1b", issuer: "O=cluster.local" },
  trustBundle: "hash",
  types: {
    "type.googleapis.com/envoy.config.cluster.v3.Cluster": {
      sent: "4",
      acknowledged: "3",
      waitingMs: 12,
      isSettled: false,
      rejected: [
        {
          resource: "outbound|80||web.shop.svc.cluster.local",
          version: "v",
          message: "no",
          objects: [{ apiVersion: "v1", kind: "Service", namespace: "shop", name: "web" }],
        },
      ],
    },
  },
};
const replica: FleetLine = {
  kind: "replica",
  replica: "meshd-1",
  revision: "default",
  version: "v1.1.0",
  trustBundle: "h",
};

describe("a line of the fleet view", () => {
  for (const line of [replica, proxy, { kind: "end", proxies: 1 } satisfies FleetLine]) {
    test(`is read as it was written: ${line.kind}`, () =>
      assert.deepEqual(parseFleetLine(renderFleetLine(line)), { kind: "line", line }));
  }

  test("may say more than is known", () => {
    const more = JSON.stringify({ ...replica, zone: "a" });
    assert.deepEqual(parseFleetLine(more), { kind: "line", line: replica });
  });

  const wrong: Record<string, { json: string; detail: RegExp }> = {
    "that is cut off": { json: renderFleetLine(proxy).slice(0, 40), detail: /not JSON/ },
    "of an unknown kind": { json: '{"kind":"gateway"}', detail: /kind/ },
    "that lacks a field": { json: '{"kind":"end"}', detail: /proxies/ },
    "with a count below zero": { json: '{"kind":"end","proxies":-1}', detail: /proxies/ },
    "with an endless name": { json: JSON.stringify({ ...proxy, pod: "x".repeat(2000) }), detail: /pod/ },
    "that is null": { json: "null", detail: /./ },
  };
  for (const [name, { json, detail }] of Object.entries(wrong)) {
    test(`is refused ${name}`, () => {
      const parsed = parseFleetLine(json);
      assert.match(parsed.kind === "invalid" ? parsed.detail : parsed.kind, detail);
    });
  }
});
