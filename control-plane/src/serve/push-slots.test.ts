import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PushSlots } from "./push-slots.ts";

describe("slots for large responses", () => {
  test("are granted in the order in which they were asked for", () => {
    const slots = new PushSlots(1);
    const granted: string[] = [];
    assert.equal(
      slots.take(() => granted.push("a")),
      true,
    );
    for (const name of ["b", "c"]) slots.take(() => granted.push(name));
    slots.release();
    slots.release();
    assert.deepEqual(granted, ["b", "c"]);
  });

  test("are free again when nobody waits", () => {
    const slots = new PushSlots(1);
    slots.take(() => undefined);
    slots.release();
    assert.equal(
      slots.take(() => undefined),
      true,
    );
  });

  test("are not granted to whoever left", () => {
    const slots = new PushSlots(1);
    const granted: string[] = [];
    const [b, c] = [() => granted.push("b"), () => granted.push("c")];
    slots.take(() => undefined);
    slots.take(b);
    slots.take(c);
    slots.leave(b);
    slots.release();
    assert.deepEqual(granted, ["c"]);
  });
});
