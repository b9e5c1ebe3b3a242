import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { boolean, choice, integer, list, object, quantity, string } from "./build.ts";
import type { Infer } from "./field.ts";
import { withDefaults } from "./with-defaults.ts";

const say = { description: "A field." };

describe("a schema", () => {
  test("requires what has neither default nor permission to be absent", () => {
    const { node } = object(
      { a: string(say), b: boolean({ ...say, default: false }), c: integer({ ...say, optional: true }) },
      say,
    );
    assert.deepEqual("required" in node && node.required, ["a"]);
    assert.equal(node.default, undefined);
  });

  test("lets a whole object be left out when nothing in it is required", () => {
    const { node } = object({ b: boolean({ ...say, default: true }) }, say);
    assert.deepEqual(node.default, {});
    assert.deepEqual(withDefaults(node, undefined), { b: true });
  });

  test("leaves an optional object absent instead of defaulting it", () => {
    const { node } = object(
      { inner: object({ b: boolean({ ...say, default: true }) }, { ...say, optional: true }) },
      say,
    );
    assert.deepEqual(withDefaults(node, {}), {});
  });

  test("fills in defaults inside lists and keeps what was given", () => {
    const item = object({ mode: choice(["A", "B"], { ...say, default: "A" }) }, say);
    const { node } = object({ items: list(item, { ...say, optional: true }) }, say);
    assert.deepEqual(withDefaults(node, { items: [{}, { mode: "B" }] }), { items: [{ mode: "A" }, { mode: "B" }] });
  });

  test("derives the type of its values", () => {
    const shape = object({ name: string(say), amount: quantity({ ...say, optional: true }) }, say);
    const value: Infer<typeof shape> = { name: "cpu" };
    const full: Required<Infer<typeof shape>> = { name: "cpu", amount: 1 };
    assert.deepEqual([value.amount, full.amount], [undefined, 1]);
  });
});
