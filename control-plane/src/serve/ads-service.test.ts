import assert from "node:assert/strict";
import { once } from "node:events";
import { before, describe, test } from "node:test";
import { connect } from "node:tls";
import { status } from "@grpc/grpc-js";
import type { Authority } from "@meshwright/pki/authority";
import { type ClientKeys, createClientKeys } from "@meshwright/testing/client-keys";
import { DiscoveryClient } from "@meshwright/testing/discovery-client";
import { until } from "@meshwright/testing/until";
import { createAuthority } from "@meshwright/testing/volume";
import { packAny } from "@meshwright/xds-api/any";
import { ClusterSchema } from "@meshwright/xds-api/gen/envoy/config/cluster/v3/cluster_pb";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { adsService } from "./ads-service.ts";
import { ProxyTable } from "./proxy-table.ts";
import { serveRpc } from "./rpc-server.ts";
import { ServingCredentials } from "./serving-credentials.ts";
import { OneView, viewOf } from "./testdata/one-view.ts";
import { serveTls, servingCertificate } from "./testdata/tls-server.ts";

const web = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };
const node = { id: "sidecar~127.0.0.1~web-1.shop~shop.svc.cluster.local", cluster: "web" };
const oneCluster = viewOf({ a: packAny(ClusterSchema, { name: "a" }) });

let authority: Authority;
let keys: ClientKeys;

before(async () => {
  authority = await createAuthority();
  keys = await createClientKeys(authority, web);
});

/** A stream of raw requests and responses. */
function open(port: number, own: Partial<ClientKeys> & Pick<ClientKeys, "roots">) {
  const client = new DiscoveryClient(port, own);
  const stream = client.delta();
  const close = (): void => {
    stream[Symbol.dispose]();
    client[Symbol.dispose]();
  };
  return { ...stream, receive: () => stream.next(), failure: () => stream.ended, [Symbol.dispose]: close };
}

describe("the discovery service refuses", () => {
  test("a client without a certificate", async () => {
    await using server = await serveTls(authority, adsService(new OneView(oneCluster)));
    using stream = open(server.port, { roots: keys.roots });
    stream.send({ node, typeUrl: typeUrls.cluster });
    assert.equal((await stream.failure()).code, status.UNAUTHENTICATED);
  });

  test("a certificate that another authority has signed", async () => {
    await using server = await serveTls(authority, adsService(new OneView(oneCluster)));
    using stream = open(server.port, { ...(await createClientKeys(await createAuthority(), web)), roots: keys.roots });
    stream.send({ node, typeUrl: typeUrls.cluster });
    assert.equal((await stream.failure()).code, status.UNAUTHENTICATED);
  });

  test("a stream that does not begin with the node", async () => {
    await using server = await serveTls(authority, adsService(new OneView(oneCluster)));
    using stream = open(server.port, keys);
    stream.send({ typeUrl: typeUrls.cluster });
    assert.equal((await stream.failure()).code, status.INVALID_ARGUMENT);
  });

  test("whom the source of the views refuses, in the source's words", async () => {
    const refusal = { kind: "refused", code: "permissionDenied", message: "not your node" } as const;
    await using server = await serveTls(authority, adsService(new OneView(oneCluster, refusal)));
    using stream = open(server.port, keys);
    stream.send({ node, typeUrl: typeUrls.cluster });
    const { code, details } = await stream.failure();
    assert.deepEqual({ code, details }, { code: status.PERMISSION_DENIED, details: "not your node" });
  });
});

describe("the discovery service", () => {
  test("hands the proven identity to the source and sends what it shows", async () => {
    const source = new OneView(oneCluster);
    await using server = await serveTls(authority, adsService(source));
    using stream = open(server.port, keys);
    stream.send({ node, typeUrl: typeUrls.cluster });
    const response = await stream.receive();
    assert.deepEqual(
      response.resources.map(({ name }) => name),
      ["a"],
    );
    assert.equal(response.resources[0]?.version, oneCluster.get(typeUrls.cluster)?.get("a")?.version);
    const traits = { ipStack: "ipv4", capturesDns: false };
    assert.deepEqual(source.connected, [{ node: { ...node, envoyVersion: "", traits }, peer: web }]);
  });

  test("tells the source whether the proxy answers queries for names", async () => {
    const source = new OneView(oneCluster);
    await using server = await serveTls(authority, adsService(source));
    for (const metadata of [{ DNS_CAPTURE: "true" }, { DNS_CAPTURE: "false" }, {}]) {
      using stream = open(server.port, keys);
      stream.send({ node: { ...node, metadata }, typeUrl: typeUrls.cluster });
      await stream.receive();
    }
    assert.deepEqual(
      source.connected.map(({ node: { traits } }) => traits.capturesDns),
      [true, false, false],
    );
  });

  test("sends a change at once, and knows what was acknowledged", async () => {
    const source = new OneView(oneCluster);
    const table = new ProxyTable();
    await using server = await serveTls(authority, adsService(source, { table }));
    using stream = open(server.port, keys);
    stream.send({ node, typeUrl: typeUrls.cluster });
    const { nonce } = await stream.receive();
    stream.send({ typeUrl: typeUrls.cluster, responseNonce: nonce });
    source.show(viewOf({ b: packAny(ClusterSchema, { name: "b" }) }));
    const change = await stream.receive();
    assert.deepEqual(
      change.resources.map(({ name }) => name),
      ["b"],
    );
    assert.deepEqual(
      table.statuses().map(({ types }) => types[typeUrls.cluster]?.acked),
      [nonce],
    );
  });

  test("lets go of everything when the client is gone", async () => {
    const source = new OneView(oneCluster);
    const table = new ProxyTable();
    await using server = await serveTls(authority, adsService(source, { table }));
    const stream = open(server.port, keys);
    stream.send({ node, typeUrl: typeUrls.cluster });
    await stream.receive();
    assert.deepEqual({ listening: source.listening, connected: table.size }, { listening: 1, connected: 1 });
    stream[Symbol.dispose]();
    await until("nothing of the proxy is left", () => source.listening === 0 && table.size === 0);
  });
});

describe("the serving certificate", () => {
  /** Server name that a new connection is shown. */
  async function shown(port: number): Promise<string | undefined> {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    await once(socket, "secureConnect");
    const { subjectaltname } = socket.getPeerCertificate();
    socket.destroy();
    return subjectaltname;
  }

  test("is replaced without a restart", async () => {
    const serving = new ServingCredentials(await servingCertificate(authority, "old"));
    await using server = await serveRpc("127.0.0.1:0", serving, []);
    assert.equal(await shown(server.port), "DNS:old");
    serving.update(await servingCertificate(authority, "new"));
    assert.equal(await shown(server.port), "DNS:new");
  });

  test("stays when its replacement cannot be loaded", async () => {
    const serving = new ServingCredentials(await servingCertificate(authority, "old"));
    await using server = await serveRpc("127.0.0.1:0", serving, []);
    assert.throws(() => serving.update({ certificate: "x", privateKey: "y", roots: "z" }));
    assert.equal(await shown(server.port), "DNS:old");
  });
});
