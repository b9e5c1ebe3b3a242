import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Graph } from "./graph.ts";
import { join } from "./join.ts";
import { source } from "./source.ts";

describe("a join", () => {
  test("has the value of the first that holds a key", () => {
    const graph = new Graph();
    const [first, second] = [source<number>(graph), source<number>(graph)];
    const joined = join(first, second);
    second.set("a", 2);
    assert.equal(joined.get("a"), 2);
    first.set("a", 1);
    second.set("a", 3);
    assert.equal(joined.get("a"), 1);
    first.set("a", undefined);
    assert.equal(joined.get("a"), 3);
  });

  test("says nothing of a value that another one covers", () => {
    const graph = new Graph();
    const [first, second] = [source<number>(graph), source<number>(graph)];
    first.set("a", 1);
    let told = 0;
    join(first, second).subscribe(() => (told += 1));
    second.set("a", 2);
    assert.equal(told, 0);
  });
});
