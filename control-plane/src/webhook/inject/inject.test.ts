import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { defaultMeshConfig, type MeshConfig } from "@meshwright/contract/mesh-config";
import { goldenCases } from "@meshwright/testing/golden";
import { applyPatch } from "rfc6902";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { annotationTable } from "./annotations/table.ts";
import { inject, type Outcome } from "./inject.ts";
import type { InjectSettings } from "./injection.ts";
import type { PatchOperation } from "./json-patch.ts";
import { type Pod, podSchema } from "./pod.ts";
import type { Namespace } from "./selection.ts";

/** `in.yaml`: what it leaves out is the default. */
const caseSchema = z.strictObject({
  namespace: z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  nativeSidecars: z.boolean().default(true),
  mesh: z.looseObject({ proxy: z.looseObject({}).default({}) }).prefault({}),
  pod: z.looseObject({}),
});

interface Case {
  readonly namespace: Namespace;
  readonly settings: InjectSettings;
  readonly pod: Pod;
  /** The whole pod, to which the patch applies. */
  readonly original: Record<string, unknown>;
}

function readCase(text: string): Case {
  const { namespace, nativeSidecars, mesh, pod } = caseSchema.parse(parse(text));
  const defaults = defaultMeshConfig("default", "localhost/meshwright-proxy:v1.1.0");
  const settings: MeshConfig = { ...defaults, ...mesh, proxy: { ...defaults.proxy, ...mesh.proxy } };
  return {
    namespace,
    settings: { mesh: settings, nativeSidecars, version: "v1.1.0" },
    pod: podSchema.parse(pod),
    original: pod,
  };
}

/** Applies the patch as the API server does; a path that does not exist is an error. */
function patched(original: Record<string, unknown>, patch: readonly unknown[]): Record<string, unknown> {
  const copy = structuredClone(original);
  const problems = applyPatch(copy, structuredClone(patch) as Parameters<typeof applyPatch>[1]);
  assert.deepEqual(
    problems.filter((problem) => problem !== null),
    [],
  );
  return copy;
}

describe("injection", () => {
  goldenCases(`${import.meta.dirname}/testdata`, (text) => {
    const { namespace, settings, pod, original } = readCase(text);
    const outcome = inject(pod, namespace, settings);
    if (outcome.kind !== "injected") return { "outcome.yaml": stringify(outcome, { lineWidth: 0 }) };
    const { patch, warnings } = outcome;
    const yaml = stringify(patched(original, patch), { lineWidth: 0, aliasDuplicateObjects: false });
    return { "pod.yaml": yaml, ...(warnings.length > 0 && { "warnings.yaml": stringify(warnings, { lineWidth: 0 }) }) };
  });
});

test("every annotation of the table has a case in which it is obeyed and one in which it is refused", () => {
  const cases = globSync("testdata/annotations/**/in.yaml", { cwd: import.meta.dirname });
  const wanted = annotationTable.flatMap(({ name }) =>
    ["obeyed", "refused"].map((outcome) => `testdata/annotations/${name}/${outcome}/in.yaml`),
  );
  assert.deepEqual(cases.toSorted(), wanted.toSorted());
});

describe("injecting twice is injecting once", () => {
  for (const file of globSync("testdata/**/in.yaml", { cwd: import.meta.dirname }).toSorted()) {
    test(dirname(file), () => {
      const { namespace, settings, pod, original } = readCase(readFileSync(join(import.meta.dirname, file), "utf8"));
      const first = inject(pod, namespace, settings);
      const result = patched(original, patchOf(first));
      assert.deepEqual(patchOf(inject(podSchema.parse(result), namespace, settings)), []);
      assert.deepEqual(inject(pod, namespace, settings), first, "the same pod gets the same answer");
    });
  }

  const patchOf = (outcome: Outcome): readonly PatchOperation[] => (outcome.kind === "injected" ? outcome.patch : []);
});

describe("an injected pod that comes back", () => {
  const plain = {
    metadata: { name: "web" },
    spec: { containers: [{ name: "web", readinessProbe: { httpGet: { port: 80 } } }] },
  };
  const namespace: Namespace = { name: "shop", labels: { "istio-injection": "enabled" } };
  const mesh = defaultMeshConfig("default", "proxy");

  for (const nativeSidecars of [true, false]) {
    test(`is left as it is (${nativeSidecars ? "native sidecar" : "plain container"})`, () => {
      const first = inject(podSchema.parse(plain), namespace, { mesh, nativeSidecars });
      assert.ok(first.kind === "injected");
      const again = inject(podSchema.parse(patched(plain, first.patch)), namespace, { mesh, nativeSidecars });
      assert.deepEqual(again, { kind: "skipped", reason: "AlreadyInjected" });
    });
  }

  test("has the probes rewritten of a container that another webhook added", () => {
    const settings = { mesh, nativeSidecars: true };
    const first = inject(podSchema.parse(plain), namespace, settings);
    assert.ok(first.kind === "injected");
    const pod = patched(plain, first.patch) as { spec: { containers: object[] } };
    pod.spec.containers.push({ name: "late", livenessProbe: { httpGet: { path: "/up", port: 81 } } });
    const second = inject(podSchema.parse(pod), namespace, settings);
    assert.ok(second.kind === "injected");
    const again = podSchema.parse(patched(pod, second.patch));
    assert.equal(again.spec.containers[1]?.livenessProbe?.httpGet?.path, "/app-health/late/livez");
    const routes = again.spec.volumes?.[0]?.csi?.volumeAttributes?.["probes"] ?? "";
    assert.match(routes, /app-health\/web\/readyz.*app-health\/late\/livez/);
    assert.deepEqual(inject(again, namespace, settings), { kind: "skipped", reason: "AlreadyInjected" });
  });
});
