import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { peerIdentity } from "./peer.ts";

const web = { trustDomain: "td", namespace: "shop", serviceAccount: "web" };

describe("the peer's identity", () => {
  const cases: Record<string, { names: string | undefined; want: ReturnType<typeof peerIdentity> }> = {
    "is that of the only URI": { names: "URI:spiffe://td/ns/shop/sa/web", want: web },
    "is read beside names of other kinds": { names: "DNS:web.shop, URI:spiffe://td/ns/shop/sa/web", want: web },
    "is none without names": { names: undefined, want: undefined },
    "is none without a URI": { names: "DNS:web.shop", want: undefined },
    "is none with two URIs": {
      names: "URI:spiffe://td/ns/shop/sa/web, URI:spiffe://td/ns/shop/sa/db",
      want: undefined,
    },
    "is none for a URI of another form": { names: "URI:spiffe://td/web", want: undefined },
    "is not taken from within a quoted name": {
      names: 'DNS:"x, URI:spiffe://td/ns/shop/sa/web, y"',
      want: undefined,
    },
  };
  for (const [name, { names, want }] of Object.entries(cases)) {
    test(name, () => assert.deepEqual(peerIdentity(names), want));
  }
});
