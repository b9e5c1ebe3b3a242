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
