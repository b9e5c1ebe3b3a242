import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choice, integer, list, map, object, quantity, string } from "@meshwright/operator/api/schema/build";
import type { Field } from "@meshwright/operator/api/schema/field";
import { type FieldRow, fieldRows, isObject } from "./fields.ts";

const description = "What it is.";
const frozen = { rule: "self == oldSelf", message: "it stays" };

function rowsOf(properties: Readonly<Record<string, Field<unknown>>>): readonly FieldRow[] {
  const { node } = object(properties, { description });
  assert.ok(isObject(node));
  return fieldRows(node);
}

describe("a field's row", () => {
  const cases: Record<string, { field: Field<unknown>; want: Partial<FieldRow> }> = {
    "shows the default as it is written in YAML": {
      field: integer({ description, default: 2, minimum: 1, maximum: 9 }),
      want: { type: "integer", default: "`2`", constraints: "1 to 9", description },
    },
    "says that a field must be given": {
      field: string({ description }),
      want: { default: "", constraints: "required" },
    },
    "lists the values of a choice": {
      field: choice(["A", "B"], { description, default: "A" }),
      want: { type: "string", constraints: "one of `A`, `B`" },
    },
    "says that a field is immutable": {
      field: string({ description, optional: true, rules: [frozen] }),
      want: { constraints: "**immutable**" },
    },
    "gives any other rule by its message": {
      field: string({ description, optional: true, rules: [{ rule: "self != ''", message: "it must not be empty" }] }),
      want: { constraints: "it must not be empty" },
    },
    "names what a map and a list hold": {
      field: list(map(quantity({ description }), { description }), { description, optional: true, maxItems: 3 }),
      want: { type: "list of map to quantity", constraints: "at most 3 items" },
    },
  };
  for (const [name, { field, want }] of Object.entries(cases)) {
    test(name, () => {
      const [row] = rowsOf({ field });
      assert.deepEqual({ ...row, ...want }, row);
    });
  }
});

test("the fields inside of objects and of a list's items follow it, with their path", () => {
  const item = object({ key: string({ description, optional: true }) }, { description });
  const inner = object({ items: list(item, { description, optional: true }) }, { description });
  const paths = rowsOf({ inner, last: string({ description }) }).map(({ path }) => path);
  assert.deepEqual(paths, ["inner", "inner.items", "inner.items[].key", "last"]);
});
