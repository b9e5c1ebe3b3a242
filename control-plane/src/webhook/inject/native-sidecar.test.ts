import assert from "node:assert/strict";
import { test } from "node:test";
import { supportsNativeSidecars } from "./native-sidecar.ts";

test("native sidecars come with Kubernetes 1.29", () => {
  assert.equal(supportsNativeSidecars({ major: "1", minor: "28" }), false);
  assert.equal(supportsNativeSidecars({ major: "1", minor: "29+" }), true);
  assert.equal(supportsNativeSidecars({ major: "1", minor: "37" }), true);
});

test("a version that is not a number is not trusted with them", () => {
  assert.equal(supportsNativeSidecars({ major: "", minor: "" }), false);
});

test("one node whose kubelet is older keeps all pods from them, since any may be scheduled there", () => {
  const server = { major: "1", minor: "31" };
  assert.equal(supportsNativeSidecars(server, ["v1.31.0", "v1.29.3+k3s1"]), true);
  assert.equal(supportsNativeSidecars(server, ["v1.31.0", "v1.28.15"]), false);
  assert.equal(supportsNativeSidecars({ major: "1", minor: "28" }, ["v1.29.0"]), false);
});
