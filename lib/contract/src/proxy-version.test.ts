import assert from "node:assert/strict";
import { test } from "node:test";
import { isProxyVersion, proxyVersionMetadata, readProxyVersion } from "./proxy-version.ts";

test("a proxy's version is read from its node's metadata, and what is none is taken for nothing", () => {
  assert.equal(readProxyVersion({ [proxyVersionMetadata]: "v1.1.0" }), "v1.1.0");
  assert.equal(readProxyVersion({ [proxyVersionMetadata]: "v1.2.0-rc.1" }), "v1.2.0-rc.1");
  for (const value of [undefined, "", "1.1.0", "v1.1", "development", ["v1.1.0"], `v1.1.0-${"a".repeat(41)}`])
    assert.equal(readProxyVersion({ [proxyVersionMetadata]: value }), "");
  assert.equal(readProxyVersion(undefined), "");
  assert.equal(isProxyVersion("v1.1.0\n"), false);
});
