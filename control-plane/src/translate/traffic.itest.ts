import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inboundSource } from "@meshwright/contract/inbound-source";
import { until } from "@meshwright/testing/until";
import { settings } from "../snapshot/testdata/mesh.ts";
import { Bed, type Call, halfAddress, towardsPlain, virtualAddresses } from "./testdata/bed.ts";
import type { Addresses } from "./testdata/pod.ts";
import { httpProgram } from "./testdata/programs.ts";

const bed = new Bed();
const { snapshot, server, plain } = bed;
const call = (made: Call): string => bed.call(made);

before(() => bed.start());
after(() => bed[Symbol.asyncDispose]());

const clientIdentity = "URI=spiffe://cluster.local/ns/shop/sa/client";

/** Where calls go in one family, and from where the servers see them come. */
interface Way {
  readonly virtual: string;
  readonly server: string;
  readonly plain: string;
  /** What the application behind a sidecar sees of every client. */
  readonly inboundSource: string;
  readonly client: string;
}

const ways: Readonly<Record<keyof Addresses, Way>> = { ipv4: wayBy("ipv4"), ipv6: wayBy("ipv6") };

function wayBy(family: keyof Addresses): Way {
  return {
    virtual: virtualAddresses[family],
    server: server.addresses[family],
    plain: plain.addresses[family],
    inboundSource: inboundSource[family],
    client: towardsPlain[family],
  };
}

const meshed = (way: Way): Record<string, { call: Call; want: RegExp }> => ({
  "HTTP by a Service's address": { call: { by: "http", to: way.virtual, port: 80 }, want: /^200 .*"1\.1"/ },
  "HTTP by a Service's address in the Host header": {
    call: { by: "http", to: way.virtual, port: 80, host: bracketed(way.virtual) },
    want: /^200 .*"1\.1"/,
  },
  "HTTP by a Service's full name": {
    call: { by: "http", to: way.virtual, port: 80, host: "web.shop.svc.cluster.local" },
    want: /^200 .*"1\.1"/,
  },
  "HTTP/2, as gRPC speaks it": { call: { by: "h2", to: way.virtual, port: 90 }, want: /^200 .*"2\.0"/ },
  "HTTP to a peer of a headless Service": {
    call: { by: "http", to: way.server, port: 8080, host: "web-0.peers.shop.svc.cluster.local" },
    want: /^200 .*"1\.1"/,
  },
  "HTTP to a pod's address": { call: { by: "http", to: way.server, port: 8080 }, want: /^200 .*"1\.1"/ },
  "HTTP that was not declared": { call: { by: "http", to: way.virtual, port: 7000 }, want: /^200 .*"1\.1"/ },
});

/** Where the way does not decide by which family the server is reached: that is the first of the Service's families. */
function bySomeFamily(answer: string): string {
  return answer.replaceAll(/127\.0\.0\.6|::1\b/g, "loopback");
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function testMeshed(): void {
  for (const [family, way] of Object.entries(ways)) describe(`over ${family}`, () => testMeshedBy(way));
  test("a pod that is not reached over a Service's first family is reached over the other", () => {
    assert.equal(call({ by: "tcp", to: halfAddress, port: 9000 }), "hello 127.0.0.6");
  });
}

function testMeshedBy(way: Way): void {
  for (const [name, { call: made, want }] of Object.entries(meshed(way))) {
    test(`${name} arrives with the client's identity, whatever the client claims`, () => {
      const answer = bySomeFamily(call(made));
      assert.match(answer, want);
      assert.ok(answer.includes(clientIdentity), answer);
      assert.ok(!answer.includes("forged"), answer);
      assert.ok(answer.includes('"from":"loopback"'), answer);
    });
  }
  test("TCP in which the server speaks first arrives at once", () => {
    assert.equal(bySomeFamily(call({ by: "tcp", to: way.virtual, port: 9000 })), "hello loopback");
  });
  test("a pod is reached also on a port of no Service, as bytes", () => {
    assert.match(call({ by: "http", to: way.server, port: 8085 }), /^200 /);
  });
  test("TCP to a pod's address arrives, also if the server speaks first", () => {
    assert.equal(call({ by: "tcp", to: way.server, port: 9000 }), `hello ${way.inboundSource}`);
  });
  test("a pod without a sidecar is reached by its own address", () => {
    assert.match(call({ by: "http", to: way.plain, port: 8080 }), /^200 .*"peer":""/);
    assert.equal(call({ by: "tcp", to: way.plain, port: 9000 }), `hello ${way.client}`);
  });
  test("a peer without a sidecar is reached beside one with a sidecar", () => {
    const host = "plain-0.peers.shop.svc.cluster.local";
    assert.match(call({ by: "http", to: way.plain, port: 8080, host }), /^200 .*"peer":""/);
  });
  test("a pod may call itself by its own address", () => {
    const answer = server.call("application", httpProgram, way.server, "8080", "web");
    assert.match(answer, /^200 /);
  });
  test("a Service may call itself", () => {
    const answer = server.call("application", httpProgram, way.virtual, "80", "web");
    assert.ok(answer.includes("URI=spiffe://cluster.local/ns/shop/sa/web"), answer);
  });
  test("a request is told how often it was tried", () => {
    assert.match(call({ by: "http", to: way.virtual, port: 80 }), /"attempt":"1"/);
  });
}

const plaintext: Record<string, Call> = Object.fromEntries(
  Object.entries(ways).flatMap(([family, { server: to }]) => [
    [`HTTP of a client without a sidecar over ${family}`, { by: "http", to, port: 8080, from: "outsider" }],
    [
      `HTTP of a client without a sidecar over ${family}, not declared`,
      { by: "http", to, port: 7000, from: "outsider" },
    ],
    [
      `HTTP of a client without a sidecar over ${family}, to a port of no Service`,
      { by: "http", to, port: 8085, from: "outsider" },
    ],
    [`HTTP/2 of a client without a sidecar over ${family}`, { by: "h2", to, port: 9090, from: "outsider" }],
  ]),
);

describe("permissive mTLS", () => {
  testMeshed();
  for (const [name, made] of Object.entries(plaintext)) {
    test(`${name} is served, without an identity`, () => {
      const answer = call(made);
      assert.match(answer, /^200 /);
      assert.ok(answer.includes('"peer":""'), answer);
    });
  }
  for (const [family, way] of Object.entries(ways)) {
    test(`TCP over ${family} in which the server speaks first arrives also where it was not declared`, () => {
      assert.equal(bySomeFamily(call({ by: "tcp", to: way.virtual, port: 7001 })), "hello loopback");
    });
    test(`TCP of a client without a sidecar over ${family} is served, also if the server speaks first`, () => {
      const answer = call({ by: "tcp", to: way.server, port: 9000, from: "outsider" });
      assert.equal(answer, `hello ${way.inboundSource}`);
    });
  }
});

describe("registry only", () => {
  before(async () => {
    snapshot.setSettings({ ...settings, outboundTraffic: "registryOnly" });
    const refused = (): boolean => !call({ by: "http", to: server.addresses.ipv4, port: 8085 }).startsWith("200");
    await until("what is no Service is refused", refused);
  });
  after(async () => {
    snapshot.setSettings(settings);
    // A call holds up the process that configures the client: while calls are made, nothing changes.
    const served = (to: string, port: number): boolean => call({ by: "http", to, port }).startsWith("200");
    const ends = Object.values(ways).flatMap(({ server: pod, plain: peer }) => [
      [pod, 8085] as const,
      [peer, 8080] as const,
    ]);
    await until("what is no Service is reached again", () => ends.every(([to, port]) => served(to, port)));
  });
  for (const [family, way] of Object.entries(ways))
    test(`a headless Service's peers are reached over ${family}, also by bytes`, () => {
      const host = "web-0.peers.shop.svc.cluster.local";
      assert.match(call({ by: "http", to: way.server, port: 8080, host }), /^200 .*sa\/client/);
      assert.equal(call({ by: "tcp", to: way.server, port: 9000 }), `hello ${way.inboundSource}`);
      assert.equal(call({ by: "tcp", to: way.plain, port: 9000 }), `hello ${way.client}`);
    });
});

describe("strict mTLS", () => {
  before(async () => {
    snapshot.setSettings({ ...settings, mtls: "strict" });
    const refused = (): boolean =>
      !call({ by: "http", to: server.addresses.ipv4, port: 8080, from: "outsider" }).startsWith("200");
    await until("plaintext is refused", refused);
  });
  testMeshed();
  for (const [name, made] of Object.entries(plaintext)) {
    test(`${name} is refused`, () => assert.doesNotMatch(call(made), /^200/));
  }
  for (const [family, { server: to }] of Object.entries(ways))
    test(`TCP of a client without a sidecar over ${family} is refused`, () => {
      assert.doesNotMatch(call({ by: "tcp", to, port: 9000, from: "outsider" }), /hello/);
    });
});
