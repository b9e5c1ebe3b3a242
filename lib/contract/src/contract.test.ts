import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseSpiffeId, spiffeId } from "./identity.ts";
import { ipStackMetadata, readIpStack } from "./ip-stack.ts";
import { meshSni, meshSniSuffix } from "./mesh-sni.ts";

test("a SPIFFE ID survives a round trip", () => {
  const identity = { trustDomain: "cluster.local", namespace: "shop", serviceAccount: "web" };
  assert.deepEqual(parseSpiffeId(spiffeId(identity)), identity);
});

test("a SPIFFE ID of another form is not an identity", () => {
  for (const uri of [
    "spiffe://td/ns/a/sa/b/extra",
    "spiffe://td/ns/A/sa/b",
    "https://td/ns/a/sa/b",
    "spiffe://td/sa/b",
    "",
  ])
    assert.equal(parseSpiffeId(uri), undefined, uri);
});

test("the server name of a mesh connection is lower case, carries the port and ends in the reserved suffix", () => {
  assert.equal(meshSni(80, "Web.shop.svc.cluster.local"), `80.web.shop.svc.cluster.local.${meshSniSuffix}`);
});

test("a host too long for an SNI is hashed to one that fits, each to its own", () => {
  const long = (letter: string): string => Array.from({ length: 5 }, () => letter.repeat(50)).join(".");
  assert.ok(meshSni(80, long("a")).length <= 255);
  assert.notEqual(meshSni(80, long("a")), meshSni(80, long("b")));
});

describe("the stack that a proxy's bootstrap names", () => {
  for (const [metadata, stack] of [
    [{ [ipStackMetadata]: "dual" }, "dual"],
    [{ [ipStackMetadata]: "ipv4" }, "ipv4"],
    [{ [ipStackMetadata]: ["dual"] }, "ipv4"],
    [{}, "ipv4"],
    [undefined, "ipv4"],
  ] as const)
    test(`is ${stack} for ${JSON.stringify(metadata)}`, () => assert.equal(readIpStack(metadata), stack));
});
