import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultMeshConfig } from "@meshwright/contract/mesh-config";
import fc from "fast-check";
import { inject } from "../inject.ts";
import type { PatchOperation } from "../json-patch.ts";
import { podSchema } from "../pod.ts";
import { annotationTable } from "./table.ts";

const settings = { mesh: defaultMeshConfig("default", "proxy:1"), nativeSidecars: true };
const namespace = { name: "shop", labels: { "istio-injection": "enabled" } };

/** Values near to what is written: words, numbers and signs that mean something somewhere. */
const fragments = fc.constantFrom(
  "80",
  ",",
  "*",
  "true",
  "{",
  "}",
  ":",
  " ",
  "\n",
  "\0",
  "&a",
  "*a",
  "- ",
  '"',
  "1.2.3.4/8",
  "s",
);
const value = fc.oneof(
  fc.string(),
  fc.array(fragments, { maxLength: 12 }).map((parts) => parts.join("")),
);
const names = fc.constantFrom(...annotationTable.map(({ name }) => name));

/** Paths that a patch may touch, whatever the annotations of a pod with one container say. */
const allowedPaths =
  /^\/(metadata\/(labels|annotations)(\/.*)?|spec\/(initContainers|containers|volumes|imagePullSecrets|securityContext)(\/[0-9-]+)?)$/;

test("whatever stands in annotations, the pod is refused or gets our two containers and nothing else", () => {
  fc.assert(
    fc.property(fc.dictionary(names, value, { maxKeys: 4 }), (annotations) => {
      const pod = podSchema.parse({ metadata: { name: "web", annotations }, spec: { containers: [{ name: "web" }] } });
      const outcome = inject(pod, namespace, settings);
      const patch = outcome.kind === "injected" ? outcome.patch : [];
      assert.notEqual(outcome.kind, "skipped");
      assert.deepEqual(
        patch.filter(({ path }) => !allowedPaths.test(path)),
        [],
      );
      assert.ok(addedNames(patch).every((name) => name === "istio-init" || name === "istio-proxy"));
    }),
  );
});

function addedNames(patch: readonly PatchOperation[]): readonly string[] {
  return patch.flatMap((operation) => {
    if (operation.op === "remove" || !/^\/spec\/(init)?[cC]ontainers/.test(operation.path)) return [];
    const values: unknown[] = [operation.value].flat();
    return values.map((container) => (container as { name: string }).name);
  });
}
