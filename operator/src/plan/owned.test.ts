import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OwnedObject } from "../observe/types.ts";
import { type Manifest, stamped } from "./manifest.ts";
import { applySteps } from "./owned.ts";
import { asStored } from "./testdata/observed.ts";

const budget: Manifest = stamped({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "meshd-default", namespace: "mesh-system" },
  spec: { minAvailable: 1 },
});

function withSpec(spec: object): OwnedObject {
  return { ...asStored(budget), spec };
}

describe("a budget", () => {
  const cases: Record<string, { spec: object; steps: readonly string[] }> = {
    "that is as wanted stays": { spec: { minAvailable: 1 }, steps: [] },
    "of another size is applied": { spec: { minAvailable: 2 }, steps: ["apply"] },
    "of the other kind is made anew, since both fields cannot be": {
      spec: { maxUnavailable: 1 },
      steps: ["delete", "apply"],
    },
  };
  for (const [name, { spec, steps }] of Object.entries(cases))
    test(name, () => {
      assert.deepEqual(
        applySteps([budget], [withSpec(spec)]).map(({ kind }) => kind),
        steps,
      );
    });
});
