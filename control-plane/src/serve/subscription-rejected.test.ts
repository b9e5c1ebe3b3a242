import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, resources, SubscribedClient } from "./testdata/subscribed-client.ts";

describe("a rejected resource", () => {
  const rejecting = (): SubscribedClient => {
    const client = new SubscribedClient({ a: "1" }, true);
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
    const client = new SubscribedClient({}, true);
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
    const client = new SubscribedClient({ good: "1", bad: "1", fine: "1" }, true);
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
    const client = new SubscribedClient({ a: "1", b: "1", c: "1", bad: "1" }, true);
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
    const client = new SubscribedClient({ a: "1" }, true);
    client.subscription.request(ask());
    client.settle();
    client.subscription.offer(resources({}));
    assert.equal(client.next(), "-a");
    assert.equal(client.nack("no"), "rejected");
    assert.equal(client.next(), "nothing");
  });
});
