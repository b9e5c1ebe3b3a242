import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { proxyFiles } from "./proxy-files.ts";
import type { VolumeSpec } from "./volume-spec.ts";

const spec: VolumeSpec = {
  pod: { namespace: "shop", name: "web-0", uid: "1", serviceAccount: "web" },
  revision: "default",
  probes: [],
  capture: { dns: true },
  redirect: "init",
};
const node = { controlPlaneNamespace: "mesh-system", stack: "dual", nameservers: ["198.19.0.10"] } as const;
const queries = /ip daddr 198\.19\.0\.10 udp dport 53 redirect to :15053/;

describe("a pod whose names are captured has them brought to its sidecar", () => {
  for (const [redirect, file] of [
    ["init", "redirect.nft"],
    ["cni", "redirect-cni.nft"],
  ] as const)
    test(`by ${file}`, () => {
      const { [file]: rules = "", "bootstrap.json": bootstrap = "" } = proxyFiles({ ...spec, redirect }, node);
      assert.match(rules, queries);
      assert.match(bootstrap, /"DNS_CAPTURE":"true"/);
    });
});

test("a pod whose names are not captured has no part in it", () => {
  const files = proxyFiles({ ...spec, capture: {} }, node);
  assert.doesNotMatch(files["redirect.nft"] ?? "", queries);
  assert.doesNotMatch(files["bootstrap.json"] ?? "", /DNS_CAPTURE|15053/);
});
