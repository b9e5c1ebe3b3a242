import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, leave, resources, SubscribedClient } from "./testdata/subscribed-client.ts";

describe("a named subscription", () => {
  test("gets what it asks for, and learns that a name does not exist", () => {
    const client = new SubscribedClient({ a: "1", b: "1" });
    client.subscription.request(ask("a", "c"));
    assert.equal(client.next(), "a@1 -c");
  });

  test("is not answered when its first request names nothing", () => {
    const client = new SubscribedClient({ a: "1" });
    client.subscription.request(ask());
    assert.equal(client.next(), "nothing");
  });

  test("hears only of changes to its own names", () => {
    const client = new SubscribedClient({ a: "1", b: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.offer(resources({ a: "1", b: "2" }));
    assert.equal(client.next(), "nothing");
    client.subscription.offer(resources({ a: "2", b: "2" }));
    assert.equal(client.next(), "a@2");
  });

  test("gets a missing resource when it appears", () => {
    const client = new SubscribedClient({});
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.offer(resources({ a: "1" }));
    assert.equal(client.next(), "a@1");
  });

  test("hears nothing more of a name that it left", () => {
    const client = new SubscribedClient({ a: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.request(leave("a"));
    client.subscription.offer(resources({ a: "2" }));
    assert.equal(client.next(), "nothing");
  });

  test("gets a name that it asks for again, although nothing changed", () => {
    const client = new SubscribedClient({ a: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.request(ask("a"));
    assert.equal(client.next(), "a@1");
  });

  test("gets a name that one request leaves and asks for", () => {
    const client = new SubscribedClient({ a: "1" });
    client.subscription.request(ask("a"));
    client.settle();
    client.subscription.request({ ...ask("a"), unsubscribe: ["a"] });
    assert.equal(client.next(), "a@1");
  });
});

describe("a wildcard subscription", () => {
  test("begins with a first request without names, where the type allows it", () => {
    const client = new SubscribedClient({ a: "1", b: "1" }, true);
    client.subscription.request(ask());
    assert.equal(client.next(), "a@1 b@1");
  });

  test("begins with the name *", () => {
    const client = new SubscribedClient({ a: "1", b: "1" });
    client.subscription.request(ask("*"));
    assert.equal(client.next(), "a@1 b@1");
  });

  test("is answered once although there is nothing, or Envoy would wait for ever", () => {
    const client = new SubscribedClient({}, true);
    client.subscription.request(ask());
    assert.equal(client.next(), "");
    client.ack();
    assert.equal(client.next(), "nothing");
  });

  test("gets new, changed and removed resources in one response", () => {
    const client = new SubscribedClient({ a: "1", b: "1", c: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({ a: "1", b: "2", d: "1" }));
    assert.equal(client.next(), "b@2 d@1 -c");
  });

  test("hears nothing of a resource that came and went unseen", () => {
    const client = new SubscribedClient({}, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({ a: "1" }));
    client.subscription.offer(resources({}));
    assert.equal(client.next(), "nothing");
  });

  test("gets a name that it left by name once more, since it still wants everything", () => {
    const client = new SubscribedClient({ a: "1", b: "1" });
    client.subscription.request(ask("*", "a"));
    client.settle();
    client.subscription.request(leave("a"));
    assert.equal(client.next(), "a@1");
  });

  test("goes on with its names when it leaves *", () => {
    const client = new SubscribedClient({ a: "1", b: "1" });
    client.subscription.request(ask("*", "a"));
    client.settle();
    client.subscription.request(leave("*"));
    client.subscription.offer(resources({ a: "2", b: "2" }));
    assert.equal(client.next(), "a@2");
  });
});

describe("a reconnected client", () => {
  test("gets only what differs from what it has, and removals", () => {
    const client = new SubscribedClient({ a: "1", b: "2", c: "1" }, true);
    client.subscription.request({ ...ask(), initialVersions: { a: "1", b: "1", d: "1" } });
    assert.equal(client.next(), "b@2 c@1 -d");
  });

  test("is not sent names that it has but no longer wants", () => {
    const client = new SubscribedClient({ a: "1", b: "2" });
    client.subscription.request({ ...ask("a"), initialVersions: { a: "1", b: "1" } });
    assert.equal(client.next(), "nothing");
  });
});

describe("an unanswered response", () => {
  test("holds back the next one, which then carries only the newest", () => {
    const client = new SubscribedClient({ a: "1" }, true);
    client.subscription.request(ask());
    client.next();
    client.subscription.offer(resources({ a: "2" }));
    client.subscription.offer(resources({ a: "3" }));
    assert.equal(client.next(), "nothing");
    client.ack();
    assert.equal(client.next(), "a@3");
  });

  test("is not answered by an older nonce", () => {
    const client = new SubscribedClient({ a: "1" }, true);
    client.subscription.request(ask());
    client.next();
    assert.equal(client.subscription.answer("0", "no").kind, "stale");
    assert.equal(client.next(), "nothing");
    assert.equal(client.ack(), "acked");
  });

  test("proves nothing: the version acknowledged before counts", () => {
    const client = new SubscribedClient({ a: "1" }, true);
    client.subscription.request(ask());
    client.next();
    assert.equal(client.subscription.ackedVersion("a"), undefined);
    client.ack();
    client.subscription.offer(resources({ a: "2" }));
    client.next();
    assert.equal(client.subscription.ackedVersion("a"), "1");
  });
});

describe("updates and removals", () => {
  test("can be sent apart", () => {
    const client = new SubscribedClient({ a: "1" }, true);
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
    const client = new SubscribedClient({});
    client.subscription.request(ask("a"));
    assert.equal(client.next("updates"), "-a");
  });
});

describe("what a client is known to have", () => {
  test("is shared when it is up to date, by name as by the wildcard", () => {
    const versions = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`r${n}`, "1"]));
    for (const request of [ask(), ask(...Object.keys(versions))]) {
      const client = new SubscribedClient(versions, true);
      client.subscription.request(request);
      client.next();
      client.ack();
      assert.equal(client.subscription.ownSize, 0);
      client.subscription.offer(resources({ ...versions, r1: "2" }));
      assert.equal(client.next(), "r1@2");
    }
  });

  test("is forgotten with the wildcard, so that asking for everything again is answered in full", () => {
    const client = new SubscribedClient({ a: "1", b: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.request(leave("*"));
    client.settle();
    client.subscription.request(ask("*"));
    assert.equal(client.next(), "a@1 b@1");
  });

  test("is not what a later request of the stream claims", () => {
    const client = new SubscribedClient({ a: "1", b: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.request({ ...ask(), initialVersions: { a: "other" } });
    assert.equal(client.next(), "nothing");
  });

  test("is nothing of the wildcard for a client that leaves it before it asked", () => {
    const client = new SubscribedClient({ a: "1", b: "1" }, true);
    client.subscription.request(leave("*"));
    assert.equal(client.next(), "nothing");
    client.subscription.request(ask("a"));
    assert.equal(client.next(), "a@1");
  });
});
