import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OpenStreams } from "./open-streams.ts";

describe("streams", () => {
  test("of a connection are refused above the limit, and free again when one ends", () => {
    const open = new OpenStreams();
    const end = open.ofConnection("peer", 1);
    assert.equal(open.ofConnection("peer", 1), undefined);
    assert.notEqual(open.ofConnection("other", 1), undefined);
    end?.();
    assert.notEqual(open.ofConnection("peer", 1), undefined);
  });

  test("of a node give way to a newer one above the limit, the oldest first", () => {
    const open = new OpenStreams();
    const gone: string[] = [];
    const ends: (() => void)[] = [];
    for (const name of ["a", "b", "c"]) {
      const giveWay = (): void => {
        gone.push(name);
        ends.shift()?.();
      };
      ends.push(open.ofNode("node", { giveWay }, 2));
    }
    assert.deepEqual(gone, ["a"]);
    for (const end of ends) end();
    open.ofNode("node", { giveWay: () => gone.push("d") }, 1);
    assert.deepEqual(gone, ["a"]);
  });
});
