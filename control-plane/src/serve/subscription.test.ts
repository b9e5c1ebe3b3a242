import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Batch, type Part, type Room, unlimited } from "./batch.ts";
import { Shared } from "./shared.ts";
import { Subscription } from "./subscription.ts";
import type { EncodedResource, ResourceMap } from "./view.ts";

/** Resources by name and version: `{a: "1"}`. */
function resources(versions: Readonly<Record<string, string>>): ResourceMap {
  const encoded = Object.entries(versions).map(
    ([name, version]): EncodedResource => ({ name, version, bytes: new Uint8Array(), origins: [] }),
  );
  return new Map(encoded.map((resource) => [resource.name, resource]));
}

const ask = (...subscribe: string[]) => ({ subscribe, unsubscribe: [], initialVersions: {} });
const leave = (...unsubscribe: string[]) => ({ subscribe: [], unsubscribe, initialVersions: {} });

/** A subscription with what it sends written down: `a@1` for a resource, `-a` for a removal, `nothing` for none. */
class Client {
  readonly subscription: Subscription;
  #nonce = 0;

  constructor(versions: Readonly<Record<string, string>>, wildcardWhenEmpty = false) {
    this.subscription = new Subscription(resources(versions), new Shared(), wildcardWhenEmpty);
  }

  next(part: Part = "all", room: Room = unlimited): string {
    const batch = this.subscription.next(String(this.#nonce + 1), part, room);
    if (batch === undefined) return "nothing";
    if (batch === "tooLarge") return batch;
    this.#nonce++;
    return written(batch);
  }

  ack(): string {
    return this.subscription.answer(String(this.#nonce), undefined).kind;
  }

  nack(message: string): string {
    return this.subscription.answer(String(this.#nonce), message).kind;
  }

  /** Takes and acknowledges everything. */
  settle(): void {
    while (this.next() !== "nothing") this.ack();
  }
}

function written({ resources: sent, removed }: Batch): string {
  return [...sent.map(({ name, version }) => `${name}@${version}`), ...removed.map((name) => `-${name}`)].join(" ");
}

describe("a named subscription", () => {
  test("gets what it asks for, and learns that a name does not exist", () => {
    const client = new Client({ a: "1", b: "1" });
    client.subscription.request(ask("a", "c"));
    assert.equal(client.next(), "a@1 -c");
  });

  test("is not answered when its first request names nothing", () => {
    const client = new Client({ a: "1" });
    client.subscription.request(ask());
    assert.equal(client.next(), "nothing");
  });

  test("hears only of changes to its own names", () => {
    const client = new Client({ a: "1", b: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.offer(resources({ a: "1", b: "2" }));
    assert.equal(client.next(), "nothing");
    client.subscription.offer(resources({ a: "2", b: "2" }));
    assert.equal(client.next(), "a@2");
  });

  test("gets a missing resource when it appears", () => {
    const client = new Client({});
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.offer(resources({ a: "1" }));
    assert.equal(client.next(), "a@1");
  });

  test("hears nothing more of a name that it left", () => {
    const client = new Client({ a: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.request(leave("a"));
    client.subscription.offer(resources({ a: "2" }));
    assert.equal(client.next(), "nothing");
  });

  test("gets a name that it asks for again, although nothing changed", () => {
    const client = new Client({ a: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.request(ask("a"));
    assert.equal(client.next(), "a@1");
  });

  test("gets a name that one request leaves and asks for", () => {
    const client = new Client({ a: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.request({ ...ask("a"), unsubscribe: ["a"] });
    assert.equal(client.next(), "a@1");
  });
});

describe("a wildcard subscription", () => {
  test("begins with a first request without names, where the type allows it", () => {
    const client = new Client({ a: "1", b: "1" }, true);
    client.subscription.request(ask());
    assert.equal(client.next(), "a@1 b@1");
  });

  test("begins with the name *", () => {
    const client = new Client({ a: "1", b: "1" });
    client.subscription.request(ask("*"));
    assert.equal(client.next(), "a@1 b@1");
  });

  test("is answered once although there is nothing, or Envoy would wait for ever", () => {
    const client = new Client({}, true);
    client.subscription.request(ask());
    assert.equal(client.next(), "");
    client.ack();
    assert.equal(client.next(), "nothing");
  });

  test("gets new, changed and removed resources in one response", () => {
    const client = new Client({ a: "1", b: "1", c: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({ a: "1", b: "2", d: "1" }));
    assert.equal(client.next(), "b@2 d@1 -c");
  });

  test("hears nothing of a resource that came and went unseen", () => {
    const client = new Client({}, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({ a: "1" }));
    client.subscription.offer(resources({}));
    assert.equal(client.next(), "nothing");
  });

  test("gets a name that it left by name once more, since it still wants everything", () => {
    const client = new Client({ a: "1", b: "1" });
    client.subscription.request(ask("*", "a"));
    client.settle();
    client.subscription.request(leave("a"));
    assert.equal(client.next(), "a@1");
  });

  test("goes on with its names when it leaves *", () => {
    const client = new Client({ a: "1", b: "1" });
    client.subscription.request(ask("*", "a"));
    client.settle();
    client.subscription.request(leave("*"));
    client.subscription.offer(resources({ a: "2", b: "2" }));
    assert.equal(client.next(), "a@2");
  });
});

describe("a reconnected client", () => {
  test("gets only what differs from what it has, and removals", () => {
    const client = new Client({ a: "1", b: "2", c: "1" }, true);
    client.subscription.request({ ...ask(), initialVersions: { a: "1", b: "1", d: "1" } });
    assert.equal(client.next(), "b@2 c@1 -d");
  });

  test("is not sent names that it has but no longer wants", () => {
    const client = new Client({ a: "1", b: "2" });
    client.subscription.request({ ...ask("a"), initialVersions: { a: "1", b: "1" } });
    assert.equal(client.next(), "nothing");
  });
});

describe("an unanswered response", () => {
  test("holds back the next one, which then carries only the newest", () => {
    const client = new Client({ a: "1" }, true);
    client.subscription.request(ask());
    client.next();
    client.subscription.offer(resources({ a: "2" }));
    client.subscription.offer(resources({ a: "3" }));
    assert.equal(client.next(), "nothing");
    client.ack();
    assert.equal(client.next(), "a@3");
  });

  test("is not answered by an older nonce", () => {
    const client = new Client({ a: "1" }, true);
    client.subscription.request(ask());
    client.next();
    assert.equal(client.subscription.answer("0", "no").kind, "stale");
    assert.equal(client.next(), "nothing");
    assert.equal(client.ack(), "acked");
  });

  test("proves nothing: the version acknowledged before counts", () => {
    const client = new Client({ a: "1" }, true);
    client.subscription.request(ask());
    client.next();
    assert.equal(client.subscription.ackedVersion("a"), undefined);
    client.ack();
    client.subscription.offer(resources({ a: "2" }));
    client.next();
    assert.equal(client.subscription.ackedVersion("a"), "1");
  });
});

describe("a rejected resource", () => {
  const rejecting = (): Client => {
    const client = new Client({ a: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({ a: "2" }));
    client.next();
    client.nack("a is wrong");
    return client;
  };

  test("is not sent again", () => {
    assert.equal(rejecting().next(), "nothing");
  });

  test("leaves the client with the version that it had", () => {
    assert.equal(rejecting().subscription.ackedVersion("a"), "1");
  });

  test("is kept with Envoy's words until a version is accepted", () => {
    const client = rejecting();
    const rejected = { version: "2", message: "a is wrong", origins: [] };
    assert.deepEqual([...client.subscription.rejected], [["a", rejected]]);
    client.subscription.offer(resources({ a: "3" }));
    assert.equal(client.next(), "a@3");
    client.ack();
    assert.equal(client.subscription.rejected.size, 0);
  });

  test("is rejected no more when it is gone, or is again what the client has", () => {
    for (const later of [{}, { a: "1" }]) {
      const client = rejecting();
      client.subscription.offer(resources(later));
      assert.equal(client.subscription.rejected.size, 0, JSON.stringify(later));
    }
  });

  test("is rejected no more when it is gone and the client never had it", () => {
    const client = new Client({}, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({ a: "1" }));
    client.next();
    client.nack("a is wrong");
    client.subscription.offer(resources({}));
    assert.equal(client.subscription.rejected.size, 0);
    assert.equal(client.next(), "nothing");
  });

  test("is still rejected when it changed and changed back before anything was sent", () => {
    const client = rejecting();
    for (const version of ["3", "2"]) client.subscription.offer(resources({ a: version }));
    assert.equal(client.next(), "nothing");
    assert.equal(client.subscription.rejected.size, 1);
  });

  test("is not sent when it goes back to the version that the client has", () => {
    const client = rejecting();
    client.subscription.offer(resources({ a: "1" }));
    assert.equal(client.next(), "nothing");
  });

  test("is sent again when the client asks for it", () => {
    const client = rejecting();
    client.subscription.request(ask("a"));
    assert.equal(client.next(), "a@2");
  });

  test("named by Envoy goes alone, after the others", () => {
    const client = new Client({ good: "1", bad: "1", fine: "1" }, true);
    client.subscription.request(ask());
    client.next();
    assert.equal(client.nack('cluster "bad" is wrong'), "split");
    assert.equal(client.next(), "good@1 fine@1");
    client.ack();
    assert.equal(client.next(), "bad@1");
    assert.equal(client.nack("wrong"), "rejected");
    assert.equal(client.next(), "nothing");
  });

  test("not named by Envoy is found by halving", () => {
    const client = new Client({ a: "1", b: "1", c: "1", bad: "1" }, true);
    client.subscription.request(ask());
    const sent: string[] = [];
    for (let batch = client.next(); batch !== "nothing"; batch = client.next()) {
      sent.push(batch);
      sent.push(batch.includes("bad") ? client.nack("wrong") : client.ack());
    }
    assert.deepEqual(sent, [
      "a@1 b@1 c@1 bad@1",
      "split",
      "a@1 b@1",
      "acked",
      "c@1 bad@1",
      "split",
      "c@1",
      "acked",
      "bad@1",
      "rejected",
    ]);
  });

  test("is a removal that is not repeated", () => {
    const client = new Client({ a: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({}));
    assert.equal(client.next(), "-a");
    assert.equal(client.nack("no"), "rejected");
    assert.equal(client.next(), "nothing");
  });
});

describe("updates and removals", () => {
  test("can be sent apart", () => {
    const client = new Client({ a: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({ b: "1" }));
    assert.equal(client.next("updates"), "b@1");
    client.ack();
    assert.equal(client.next("updates"), "nothing");
    assert.equal(client.subscription.isSettled, false);
    assert.equal(client.next("removals"), "-a");
    client.ack();
    assert.equal(client.subscription.isSettled, true);
  });

  test("of a name that does not exist go with the updates", () => {
    const client = new Client({});
    client.subscription.request(ask("a"));
    assert.equal(client.next("updates"), "-a");
  });
});

describe("a large response", () => {
  /** Each resource takes ten bytes. */
  const large = (...names: string[]): ResourceMap =>
    new Map(names.map((name) => [name, { name, version: "1", bytes: new Uint8Array(10), origins: [] }]));

  function asking(...names: string[]): Client {
    const client = new Client({}, true);
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

describe("what a client is known to have", () => {
  test("is shared when it is up to date, by name as by the wildcard", () => {
    const versions = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`r${n}`, "1"]));
    for (const request of [ask(), ask(...Object.keys(versions))]) {
      const client = new Client(versions, true);
      client.subscription.request(request);
      client.next();
      client.ack();
      assert.equal(client.subscription.ownSize, 0);
      client.subscription.offer(resources({ ...versions, r1: "2" }));
      assert.equal(client.next(), "r1@2");
    }
  });

  test("is forgotten with the wildcard, so that asking for everything again is answered in full", () => {
    const client = new Client({ a: "1", b: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.request(leave("*"));
    client.settle();
    client.subscription.request(ask("*"));
    assert.equal(client.next(), "a@1 b@1");
  });

  test("is not what a later request of the stream claims", () => {
    const client = new Client({ a: "1", b: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.request({ ...ask(), initialVersions: { a: "other" } });
    assert.equal(client.next(), "nothing");
  });

  test("is nothing of the wildcard for a client that leaves it before it asked", () => {
    const client = new Client({ a: "1", b: "1" }, true);
    client.subscription.request(leave("*"));
    assert.equal(client.next(), "nothing");
    client.subscription.request(ask("a"));
    assert.equal(client.next(), "a@1");
  });
});
