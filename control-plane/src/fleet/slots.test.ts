import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Admitted } from "./authenticate.ts";
import { Slots } from "./slots.ts";

const workload = (name: string): Admitted => ({
  kind: "admitted",
  caller: { username: name, groups: [], uid: "", extra: {} },
  access: { kind: "namespace", namespace: "shop" },
});
const operator: Admitted = { ...workload("operator"), access: { kind: "everything" } };

describe("places for answers", () => {
  test("are two for a workload at a time", () => {
    const slots = new Slots();
    const first = slots.take(workload("web"));
    slots.take(workload("web"));
    assert.equal(slots.take(workload("web")), undefined);
    first?.();
    first?.(); // given back twice counts once
    assert.ok(slots.take(workload("web")));
    assert.equal(slots.take(workload("web")), undefined);
  });

  test("are kept for those who see everything, however many workloads ask", () => {
    const slots = new Slots();
    for (let index = 0; index < 100; index++) slots.take(workload(`web-${index}`));
    assert.equal(slots.take(workload("last")), undefined);
    assert.ok(slots.take(operator));
  });

  test("are bounded for everybody", () => {
    const slots = new Slots();
    for (let index = 0; index < 16; index++) assert.ok(slots.take(operator));
    assert.equal(slots.take(operator), undefined);
  });
});
