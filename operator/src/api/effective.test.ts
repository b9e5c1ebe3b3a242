import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { effective, effectiveFields } from "./effective.ts";
import { boolean, integer, list, map, object, string } from "./schema/build.ts";
import type { ObjectNode } from "./schema/node.ts";
import { storedSchema } from "./schema/stored.ts";

const words = { description: "A field." };

const { node } = object(
  {
    name: string({ ...words, default: "a" }),
    size: object(
      {
        count: integer({ ...words, default: 2 }),
        limits: map(string(words), { ...words, optional: true }),
        nodes: list(string(words), { ...words, optional: true }),
      },
      words,
    ),
    on: boolean({ ...words, default: false }),
  },
  words,
);
const schema = node as ObjectNode;

describe("an effective spec", () => {
  const profile = { size: { count: 3, limits: { cpu: "1", memory: "1Gi" }, nodes: ["x"] } };
  const stated = { on: true, size: { limits: { cpu: "2" }, nodes: ["y", "z"] } };

  test("is what the user says over the profile over the defaults: maps by key, lists whole", () => {
    assert.deepEqual(effective(schema, profile, stated), {
      name: "a",
      size: { count: 3, limits: { cpu: "2", memory: "1Gi" }, nodes: ["y", "z"] },
      on: true,
    });
    assert.deepEqual(effective(schema, {}, {}), { name: "a", size: { count: 2 }, on: false });
  });

  test("tells of each field where it comes from", () => {
    const told = effectiveFields(schema, profile, stated).map(({ field, source }) => `${field} ${source}`);
    assert.deepEqual(told, [
      "name Default",
      "size.count Profile",
      "size.limits.cpu MeshInstall",
      "size.limits.memory Profile",
      "size.nodes MeshInstall",
      "on MeshInstall",
    ]);
  });

  test("takes a false and a zero for something that was said", () => {
    const [, , on] = effectiveFields(schema, { on: true }, { on: false });
    assert.deepEqual(on, { field: "on", value: false, source: "MeshInstall" });
  });
});

describe("a stored schema", () => {
  test("keeps the defaults of the fields that are named, and of the objects around them", () => {
    const { properties } = storedSchema(schema, new Set(["name", "size.count"]));
    assert.deepEqual(properties["name"]?.default, "a");
    assert.deepEqual(properties["size"]?.default, {});
    assert.equal(properties["on"]?.default, undefined);
    const others = storedSchema(schema, new Set());
    assert.equal(JSON.stringify(others).includes("default"), false);
  });
});
