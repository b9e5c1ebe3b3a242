import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hasDrifted } from "./drift.ts";
import { type Manifest, stamped } from "./manifest.ts";

const desired = stamped({
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name: "a", labels: { x: "1" } },
  spec: { ports: [{ port: 80 }], limits: { memory: "1024Mi" }, empty: [] },
});

/** The manifest as the API server returns it, with changes. */
const stored = (spec: object, metadata: object = {}): Manifest => ({
  ...desired,
  metadata: { ...desired.metadata, ...metadata },
  spec: { ports: [{ port: 80 }], limits: { memory: "1024Mi" }, ...spec },
});

describe("an object has drifted", () => {
  const cases: Record<string, { actual: Manifest; want: boolean }> = {
    "not when it is as it was applied": { actual: stored({}), want: false },
    "not when the server added defaults": {
      actual: stored({ ports: [{ port: 80, protocol: "TCP" }], type: "X" }),
      want: false,
    },
    "not when a quantity is written in another way": { actual: stored({ limits: { memory: "1Gi" } }), want: false },
    "when a field of ours was changed": { actual: stored({ ports: [{ port: 81 }] }), want: true },
    "when a list of ours grew": { actual: stored({ ports: [{ port: 80 }, { port: 81 }] }), want: true },
    "when a label of ours was removed": { actual: stored({}, { labels: {} }), want: true },
    "when another manifest was applied last": { actual: stored({}, { annotations: {} }), want: true },
  };
  for (const [name, { actual, want }] of Object.entries(cases)) {
    test(name, () => assert.equal(hasDrifted(desired, actual), want));
  }
});
