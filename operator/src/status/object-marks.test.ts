import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FleetObject } from "@meshwright/contract/fleet";
import { objectMarks } from "./object-marks.ts";

const service = (name: string): FleetObject => ({ apiVersion: "v1", kind: "Service", namespace: "shop", name });

describe("the marks of objects", () => {
  test("tell an object of all its resources that are rejected", () => {
    const marks = objectMarks([
      { resource: "b", message: "not b", objects: [service("web")] },
      { resource: "a", message: "not a", objects: [service("web")] },
    ]);
    assert.deepEqual(
      [...marks.values()],
      [{ object: service("web"), message: 'proxies reject "a": not a; proxies reject "b": not b' }],
    );
  });

  test("blame nobody for what was made of everybody", () => {
    const objects = Array.from({ length: 10 }, (_, index) => service(`web-${index}`));
    assert.equal(objectMarks([{ resource: "80", message: "no", objects }]).size, 0);
  });

  test("are none for what was made of settings alone", () =>
    assert.equal(objectMarks([{ resource: "virtualInbound", message: "no", objects: [] }]).size, 0));

  test("are bounded", () => {
    const rejections = Array.from({ length: 150 }, (_, index) => ({
      resource: "r",
      message: "no",
      objects: [service(`web-${index}`)],
    }));
    assert.equal(objectMarks(rejections).size, 100);
  });

  test("fit into a condition", () => {
    const message = "x".repeat(10_000);
    const [mark] = objectMarks([{ resource: "r", message, objects: [service("web")] }]).values();
    assert.ok((mark?.message.length ?? 0) <= 1_000);
  });
});
