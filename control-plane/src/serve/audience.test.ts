import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { typeUrls } from "@meshwright/xds-api/type-urls";
import { permittedView } from "./audience.ts";
import type { EncodedResource, ProxyView } from "./view.ts";

const web = { trustDomain: "td", namespace: "shop", serviceAccount: "web" };
const of = (name: string, audience?: EncodedResource["audience"]): [string, EncodedResource] => [
  name,
  { name, version: "1", bytes: new Uint8Array(), origins: [], ...(audience && { audience }) },
];
const shown = (view: ProxyView): ProxyView =>
  permittedView({ kind: "accepted", current: () => view, onChange: () => () => undefined }, web).current();

describe("a secret", () => {
  test("is shown to its audience and to nobody else", () => {
    const secrets = new Map([
      of("roots", "everyone"),
      of("own", "spiffe://td/ns/shop/sa/web"),
      of("of another account", "spiffe://td/ns/shop/sa/db"),
      of("of another namespace", "spiffe://td/ns/bank/sa/web"),
      of("of another trust domain", "spiffe://other/ns/shop/sa/web"),
      of("of nobody"),
    ]);
    const view = shown(new Map([[typeUrls.secret, secrets]]));
    assert.deepEqual([...(view.get(typeUrls.secret)?.keys() ?? [])], ["roots", "own"]);
  });

  test("that everyone may have leaves the view shared", () => {
    const view: ProxyView = new Map([[typeUrls.secret, new Map([of("roots", "everyone")])]]);
    assert.equal(shown(view), view);
  });

  test("hides nothing of other types", () => {
    const view: ProxyView = new Map([[typeUrls.cluster, new Map([of("a")])]]);
    assert.equal(shown(view), view);
  });
});
