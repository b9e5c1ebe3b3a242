import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "@meshwright/kube/types";
import { isAffected } from "./affected.ts";

const about = { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication", plural: "peerauthentications" };
const object = {
  apiVersion: about.apiVersion,
  kind: about.kind,
  metadata: { name: "a" },
  spec: { mtls: { mode: "DISABLE" }, rules: [{ port: 1 }, { port: 2, hosts: ["x", "y"] }] },
} as KubeObject;

describe("an object is affected by an upgrade note", () => {
  const cases: Readonly<
    Record<string, readonly [field: string | undefined, value: string | number | undefined, boolean]>
  > = {
    "that is about all of its kind": [undefined, undefined, true],
    "when it has the field": ["spec.mtls.mode", undefined, true],
    "when it lacks the field": ["spec.selector", undefined, false],
    "when the field is below one that is missing": ["spec.selector.matchLabels", undefined, false],
    "when the field has the value": ["spec.mtls.mode", "DISABLE", true],
    "when the field has another value": ["spec.mtls.mode", "STRICT", false],
    "when one element of a list has the value": ["spec.rules.port", 2, true],
    "when no element of a list has the value": ["spec.rules.port", 3, false],
    "when an element of a list in a list is the value": ["spec.rules.hosts", "y", true],
  };
  for (const [name, [field, value, want]] of Object.entries(cases)) {
    test(`${name}: ${want}`, () => {
      const affects = {
        ...about,
        ...(field === undefined ? {} : { field }),
        ...(value === undefined ? {} : { value }),
      };
      assert.equal(isAffected(object, affects), want);
    });
  }
});
