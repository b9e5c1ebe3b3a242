import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kinds } from "./definitions.ts";

interface Visited {
  readonly path: string;
  readonly node: Readonly<Record<string, unknown>>;
}

/** Every schema node with its path. */
function nodes(node: unknown, path: string): readonly Visited[] {
  if (!isRecord(node)) return [];
  const properties = isRecord(node["properties"]) ? Object.entries(node["properties"]) : [];
  return [
    { path, node },
    ...properties.flatMap(([name, child]) => nodes(child, `${path}.${name}`)),
    ...nodes(node["items"], `${path}[]`),
    ...nodes(node["additionalProperties"], `${path}{}`),
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

for (const { definition } of kinds)
  describe(`the schema of ${definition.spec.names.kind}`, () => {
    const [version] = definition.spec.versions;
    const all = nodes(version.schema.openAPIV3Schema, "");
    const failing = (holds: (node: Visited["node"], path: string) => boolean): readonly string[] =>
      all.filter(({ node, path }) => !holds(node, path)).map(({ path }) => path);

    test("is not empty", () => assert.ok(all.length > 10));

    test("has a type at every node", () => {
      assert.deepEqual(
        failing((node) => typeof node["type"] === "string" || node["x-kubernetes-int-or-string"] === true),
        [],
      );
    });

    test("has no reference and no alternative but the one of quantities", () => {
      const forbidden = ["$ref", "oneOf", "allOf", "not"];
      assert.deepEqual(
        failing((node) => !forbidden.some((key) => key in node)),
        [],
      );
      assert.deepEqual(
        failing((node) => !("anyOf" in node) || node["x-kubernetes-int-or-string"] === true),
        [],
      );
    });

    test("describes every node", () => {
      assert.deepEqual(
        failing((node, path) => path === ".metadata" || typeof node["description"] === "string"),
        [],
      );
    });

    test("gives every rule a message", () => {
      const rules = all.flatMap(({ node }) => node["x-kubernetes-validations"] ?? []);
      assert.ok(rules.length > 0);
      assert.ok(rules.every((rule) => isRecord(rule) && typeof rule["message"] === "string"));
    });
  });
