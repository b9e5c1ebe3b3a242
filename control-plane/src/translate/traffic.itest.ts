import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "@meshwright/testing/until";
import { settings } from "../snapshot/testdata/mesh.ts";
import { Bed, type Call, virtualAddress } from "./testdata/bed.ts";
import { httpProgram } from "./testdata/programs.ts";

const bed = new Bed();
const { snapshot, server, plain } = bed;
const call = (made: Call): string => bed.call(made);

before(() => bed.start());
after(() => bed[Symbol.asyncDispose]());

const clientIdentity = "URI=spiffe://cluster.local/ns/shop/sa/client";

const meshed: Record<string, { call: Call; want: RegExp }> = {
  "HTTP by a Service's address": { call: { by: "http", to: virtualAddress, port: 80 }, want: /^200 .*"1\.1"/ },
  "HTTP by a Service's full name": {
    call: { by: "http", to: virtualAddress, port: 80, host: "web.shop.svc.cluster.local" },
    want: /^200 .*"1\.1"/,
  },
  "HTTP/2, as gRPC speaks it": { call: { by: "h2", to: virtualAddress, port: 90 }, want: /^200 .*"2\.0"/ },
  "HTTP to a peer of a headless Service": {
    call: { by: "http", to: server.address, port: 8080, host: "web-0.peers.shop.svc.cluster.local" },
    want: /^200 .*"1\.1"/,
  },
  "HTTP to a pod's address": { call: { by: "http", to: server.address, port: 8080 }, want: /^200 .*"1\.1"/ },
  "HTTP that was not declared": { call: { by: "http", to: virtualAddress, port: 7000 }, want: /^200 .*"1\.1"/ },
};

function testMeshed(): void {
  for (const [name, { call: made, want }] of Object.entries(meshed)) {
    test(`${name} arrives with the client's identity, whatever the client claims`, () => {
      const answer = call(made);
      assert.match(answer, want);
      assert.ok(answer.includes(clientIdentity), answer);
      assert.ok(!answer.includes("forged"), answer);
      assert.ok(answer.includes('"from":"127.0.0.6"'), answer);
    });
  }
  test("TCP in which the server speaks first arrives at once", () => {
    assert.equal(call({ by: "tcp", to: virtualAddress, port: 9000 }), "hello 127.0.0.6");
  });
  test("a pod is reached also on a port of no Service, as bytes", () => {
    assert.match(call({ by: "http", to: server.address, port: 8085 }), /^200 /);
  });
  test("TCP to a pod's address arrives, also if the server speaks first", () => {
    assert.equal(call({ by: "tcp", to: server.address, port: 9000 }), "hello 127.0.0.6");
  });
  test("a pod without a sidecar is reached by its own address", () => {
    assert.match(call({ by: "http", to: plain.address, port: 8080 }), /^200 .*"peer":""/);
    assert.equal(call({ by: "tcp", to: plain.address, port: 9000 }), "hello 198.18.252.5");
  });
  test("a peer without a sidecar is reached beside one with a sidecar", () => {
    const host = "plain-0.peers.shop.svc.cluster.local";
    assert.match(call({ by: "http", to: plain.address, port: 8080, host }), /^200 .*"peer":""/);
  });
  test("a pod may call itself by its own address", () => {
    const answer = server.call("application", httpProgram, server.address, "8080", "web");
    assert.match(answer, /^200 /);
  });
  test("a Service may call itself", () => {
    const answer = server.call("application", httpProgram, virtualAddress, "80", "web");
    assert.ok(answer.includes("URI=spiffe://cluster.local/ns/shop/sa/web"), answer);
  });
  test("a request is told how often it was tried", () => {
    assert.match(call({ by: "http", to: virtualAddress, port: 80 }), /"attempt":"1"/);
  });
}

const plaintext: Record<string, Call> = {
  "HTTP of a client without a sidecar": { by: "http", to: server.address, port: 8080, from: "outsider" },
  "HTTP of a client without a sidecar, not declared": { by: "http", to: server.address, port: 7000, from: "outsider" },
  "HTTP of a client without a sidecar, to a port of no Service": {
    by: "http",
    to: server.address,
    port: 8085,
    from: "outsider",
  },
  "HTTP/2 of a client without a sidecar": { by: "h2", to: server.address, port: 9090, from: "outsider" },
};

describe("permissive mTLS", () => {
  testMeshed();
  for (const [name, made] of Object.entries(plaintext)) {
    test(`${name} is served, without an identity`, () => {
      const answer = call(made);
      assert.match(answer, /^200 /);
      assert.ok(answer.includes('"peer":""'), answer);
    });
  }
  test("TCP in which the server speaks first arrives also where it was not declared", () => {
    assert.equal(call({ by: "tcp", to: virtualAddress, port: 7001 }), "hello 127.0.0.6");
  });
  test("TCP of a client without a sidecar is served, also if the server speaks first", () => {
    assert.equal(call({ by: "tcp", to: server.address, port: 9000, from: "outsider" }), "hello 127.0.0.6");
  });
});

describe("registry only", () => {
  before(async () => {
    snapshot.setSettings({ ...settings, outboundTraffic: "registryOnly" });
    const refused = (): boolean => !call({ by: "http", to: server.address, port: 8085 }).startsWith("200");
    await until("what is no Service is refused", refused);
  });
  after(() => snapshot.setSettings(settings));
  test("a headless Service's peers are reached, also by bytes", () => {
    const host = "web-0.peers.shop.svc.cluster.local";
    assert.match(call({ by: "http", to: server.address, port: 8080, host }), /^200 .*sa\/client/);
    assert.equal(call({ by: "tcp", to: server.address, port: 9000 }), "hello 127.0.0.6");
    assert.equal(call({ by: "tcp", to: plain.address, port: 9000 }), "hello 198.18.252.5");
  });
});

describe("strict mTLS", () => {
  before(async () => {
    snapshot.setSettings({ ...settings, mtls: "strict" });
    const refused = (): boolean =>
      !call({ by: "http", to: server.address, port: 8080, from: "outsider" }).startsWith("200");
    await until("plaintext is refused", refused);
  });
  testMeshed();
  for (const [name, made] of Object.entries(plaintext)) {
    test(`${name} is refused`, () => assert.doesNotMatch(call(made), /^200/));
  }
  test("TCP of a client without a sidecar is refused", () => {
    assert.doesNotMatch(call({ by: "tcp", to: server.address, port: 9000, from: "outsider" }), /hello/);
  });
});
