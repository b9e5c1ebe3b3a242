import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "@meshwright/testing/until";
import type { MtlsMode } from "../model/mtls-mode.ts";
import { settings, workload } from "../snapshot/testdata/mesh.ts";
import { Bed, type Call, virtualAddresses } from "./testdata/bed.ts";
import { echoProgram, requestsProgram } from "./testdata/programs.ts";

// What changes while connections are open must not be felt by them.

const bed = new Bed();
const { snapshot, client, server } = bed;
const call = (made: Call): string => bed.call(made);

before(() => bed.start());
after(() => bed[Symbol.asyncDispose]());

async function changePods(count: number): Promise<void> {
  for (let index = 1; index <= count; index += 1) {
    const address = `198.18.253.${index}`;
    snapshot.setWorkload("shop/other", { ...workload("other", "other"), addresses: [address] });
    const path = "/config_dump?resource=dynamic_active_clusters&name_regex=PassthroughCluster";
    await until("the client's sidecar knows the pod", async () => (await client.admin(path)).includes(`"${address}"`));
  }
}

/** Says what the server's pod accepts, and waits until its sidecar has heard of it. */
async function accept(mode: MtlsMode): Promise<void> {
  const updates = async (): Promise<string> => server.admin("/stats?filter=listener_manager.lds.update_success");
  const earlier = await updates();
  const scope = { kind: "workload", namespace: "shop", labels: { app: "web" }, portModes: new Map() } as const;
  snapshot.setPeerAuthentication("shop/web", { name: "web", createdAt: "2026-01-01T00:00:00Z", scope, mode });
  await until("the server's sidecar took the policy", async () => (await updates()) !== earlier);
}

/** Whether the client's sidecar speaks TLS for a call, by what it counts. */
async function makesHandshake(made: Call): Promise<boolean> {
  const handshakes = (): Promise<string> => client.admin("/stats?filter=cluster.*ssl.handshake");
  const earlier = await handshakes();
  assert.match(call(made), /^hello /);
  return (await handshakes()) !== earlier;
}

describe("a PeerAuthentication", () => {
  after(() => snapshot.setPeerAuthentication("shop/web", undefined));

  test("may change twenty times between strict and permissive and cuts nothing of what both allow", async () => {
    const echo = await client.startTask(echoProgram, server.addresses.ipv4, "9100");
    const requests = await client.startTask(requestsProgram, virtualAddresses.ipv4, "80", "web");
    for (let round = 0; round < 20; round += 1) await accept(round % 2 === 0 ? "strict" : "permissive");
    assert.match(await echo.end(), /^open\nalive/);
    assert.match(await requests.end(), /^open\nfailures \[\] of/);
  });
  test("refuses plaintext once it is strict", async () => {
    await accept("strict");
    assert.doesNotMatch(call({ by: "http", to: server.addresses.ipv4, port: 8080, from: "outsider" }), /^200/);
  });
  test("that allows mTLS is followed by meshed clients, to Services and to pods", async () => {
    for (const to of [virtualAddresses.ipv4, server.addresses.ipv6])
      assert.ok(await makesHandshake({ by: "tcp", to, port: 9000 }), to);
  });
  test("that disables mTLS makes meshed clients send plaintext, to Services and to pods", async () => {
    await accept("disabled");
    for (const to of [virtualAddresses.ipv4, server.addresses.ipv6])
      await until("the client sends plaintext", async () => !(await makesHandshake({ by: "tcp", to, port: 9000 })));
  });
});

describe("in a strict mesh", () => {
  before(() => snapshot.setSettings({ ...settings, mtls: "strict" }));

  test("what runs to pods' addresses outlives fifty changes of other pods", async () => {
    const echo = await client.startTask(echoProgram, server.addresses.ipv4, "9100");
    const requests = await client.startTask(requestsProgram, server.addresses.ipv4, "8080", server.addresses.ipv4);
    await changePods(50);
    assert.match(await echo.end(), /^open\nalive/);
    assert.match(await requests.end(), /^open\nfailures \[\] of/);
  });
});
