import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@bufbuild/protobuf";
import { adsBootstrap } from "@meshwright/testing/ads-bootstrap";
import { startEnvoy } from "@meshwright/testing/envoy";
import { until } from "@meshwright/testing/until";
import { createAuthority, createVolume } from "@meshwright/testing/volume";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { adsService } from "../serve/ads-service.ts";
import { ProxyTable } from "../serve/proxy-table.ts";
import { serveTls } from "../serve/testdata/tls-server.ts";
import { Snapshot } from "../snapshot/snapshot.ts";
import { service, settings, workload } from "../snapshot/testdata/mesh.ts";
import { relocatedViews } from "../translate/testdata/relocated-views.ts";
import { Registry } from "./registry.ts";
import { sourcesOf } from "./sources.ts";

const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };
const nodeId = "sidecar~127.0.0.1~a.shop~shop.svc.cluster.local";

/** Address of the Service `bad`, as `service` gives it. */
const [address = ""] = (({ addressing }) => (addressing.kind === "virtual" ? addressing.addresses : []))(
  service("bad"),
);

/** A listener of the user's own, on a port that a Service may want. */
const ownListener: JsonObject = {
  name: "own",
  address: { socket_address: { address, port_value: 9000 } },
  bind_to_port: false,
  filter_chains: [
    {
      filters: [
        {
          name: "envoy.filters.network.echo",
          typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo" },
        },
      ],
    },
  ],
};

describe("what a real Envoy rejects", () => {
  const stack = new AsyncDisposableStack();
  const snapshot = new Snapshot();
  const table = new ProxyTable();
  const sources = sourcesOf({
    table,
    registry: new Registry(() => undefined),
    replica: () => ({ kind: "replica", replica: "meshd-1", revision: "default", version: "v1.1.0", trustBundle: "" }),
    clusterDomain: () => "cluster.local",
  });

  before(async () => {
    const authority = await createAuthority();
    const volume = stack.use(await createVolume(authority, identity));
    snapshot.setWorkload("shop/a", workload("a", "web"));
    snapshot.setService("shop/bad", service("bad", "tcp", 9001));
    snapshot.start({ settings, trustBundle: authority.rootsPem });
    stack.defer(() => snapshot.stop());
    const server = stack.use(
      await serveTls(
        authority,
        adsService(
          relocatedViews(snapshot, () => volume),
          { table },
        ),
      ),
    );
    const bootstrap = adsBootstrap({ port: server.port, volume });
    const { static_resources: fixed } = bootstrap;
    const withOwn = { ...bootstrap, static_resources: { ...(fixed as JsonObject), listeners: [ownListener] } };
    stack.use(await startEnvoy(withOwn, { nodeId }));
  });
  after(() => stack.disposeAsync());

  const listeners = () => [...sources.proxies()][0]?.types[typeUrls.listener];
  const settled = (): boolean => listeners()?.isSettled === true;

  test("is nothing at first", async () => {
    await until("everything is acknowledged", settled);
    assert.deepEqual(listeners()?.rejected, []);
  });

  test("is told with its words and the Service of which it was made", async () => {
    snapshot.setService("shop/bad", service("bad", "tcp", 9000));
    await until("a rejection", () => listeners()?.rejected.length === 1);
    const [rejection] = listeners()?.rejected ?? [];
    assert.equal(rejection?.resource, `${address}_9000`);
    assert.match(rejection.message, /duplicate address/);
    assert.deepEqual(rejection.objects, [{ apiVersion: "v1", kind: "Service", namespace: "shop", name: "bad" }]);
  });

  test("keeps nothing else back", async () => {
    const before = listeners()?.acknowledged;
    snapshot.setService("shop/other", service("other", "tcp", 9100));
    await until("something more is acknowledged", () => listeners()?.acknowledged !== before);
    await until("everything is acknowledged", settled);
    assert.equal(listeners()?.rejected.length, 1);
  });

  test("is forgotten when the Service is mended", async () => {
    snapshot.setService("shop/bad", service("bad", "tcp", 9001));
    await until("no rejection", () => listeners()?.rejected.length === 0 && settled());
  });
});
