import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { peerOf } from "./peer.ts";

const web = "spiffe://cluster.local/ns/shop/sa/web";

describe("the peer", () => {
  const cases: Record<string, { header: string | undefined; want: string }> = {
    "is the URI": { header: `By=spiffe://x;Hash=abc;Subject="";URI=${web}`, want: web },
    "is found behind a subject with separators": { header: `Hash=a;Subject="CN=a,O=\\"b;c\\"";URI=${web}`, want: web },
    "is the nearest proxy's, not one that was passed on": { header: `URI=spiffe://evil,Hash=a;URI=${web}`, want: web },
    "may stand in quotes": { header: `URI="${web}"`, want: web },
    "is empty for a certificate without a URI": { header: "Hash=a;DNS=web.shop", want: "" },
    "is empty without the header": { header: undefined, want: "" },
  };
  for (const [name, { header, want }] of Object.entries(cases)) test(name, () => assert.equal(peerOf(header), want));
});
