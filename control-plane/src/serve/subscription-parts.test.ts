import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, SubscribedClient } from "./testdata/subscribed-client.ts";
import type { ResourceMap } from "./view.ts";

describe("a large response", () => {
  /** Each resource takes ten bytes. */
  const large = (...names: string[]): ResourceMap =>
    new Map(names.map((name) => [name, { name, version: "1", bytes: new Uint8Array(10), origins: [] }]));

  function asking(...names: string[]): SubscribedClient {
    const client = new SubscribedClient({}, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(large(...names));
    return client;
  }

  test("waits whole where it has no room, and nothing of it is lost", () => {
    const client = asking("a", "b", "c");
    assert.equal(client.next("all", { kind: "whole", bytes: 29 }), "tooLarge");
    assert.equal(client.next("all", { kind: "whole", bytes: 30 }), "a@1 b@1 c@1");
  });

  test("goes in parts, each after the one before it is answered", () => {
    const client = asking("a", "b", "c");
    const parts = { kind: "parts", bytes: 20 } as const;
    assert.equal(client.next("all", parts), "a@1 b@1");
    assert.equal(client.next("all", parts), "nothing");
    assert.equal(client.subscription.hasNew, true);
    client.ack();
    assert.equal(client.next("all", parts), "c@1");
  });

  test("goes one by one where each is larger than a part", () => {
    const client = asking("a", "b");
    assert.equal(client.next("all", { kind: "parts", bytes: 5 }), "a@1");
  });
});
