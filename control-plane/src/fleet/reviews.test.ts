import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Caller } from "./caller.ts";
import { rememberReviews } from "./reviews.ts";

const web: Caller = { username: "system:serviceaccount:shop:web", groups: [], uid: "", extra: {} };

/** A reviewer that knows one token and allows one path; counts what it is asked. */
function reviewer() {
  const asked = { tokens: 0, accesses: 0 };
  return {
    asked,
    reviewToken: async (token: string) => {
      asked.tokens += 1;
      return token === "good" ? web : undefined;
    },
    reviewAccess: async (_caller: Caller, path: string) => {
      asked.accesses += 1;
      return path === "/fleet";
    },
  };
}

describe("remembered reviews", () => {
  test("ask about a token once in half a minute", async () => {
    let now = 0;
    const api = reviewer();
    const reviews = rememberReviews(api, () => now);
    assert.deepEqual([await reviews.reviewToken("good"), await reviews.reviewToken("good")], [web, web]);
    assert.equal(api.asked.tokens, 1);
    now = 30_000;
    await reviews.reviewToken("good");
    assert.equal(api.asked.tokens, 2);
  });

  test("ask sooner again about what was refused", async () => {
    let now = 0;
    const api = reviewer();
    const reviews = rememberReviews(api, () => now);
    assert.equal(await reviews.reviewToken("bad"), undefined);
    now = 5_000;
    await reviews.reviewToken("bad");
    assert.equal(api.asked.tokens, 2);
  });

  test("tell paths and callers apart", async () => {
    const api = reviewer();
    const reviews = rememberReviews(api, () => 0);
    assert.equal(await reviews.reviewAccess(web, "/fleet"), true);
    assert.equal(await reviews.reviewAccess(web, "/debug/syncz"), false);
    await reviews.reviewAccess({ ...web, username: "root" }, "/fleet");
    assert.equal(api.asked.accesses, 3);
  });

  test("ask the same question once at a time", async () => {
    const api = reviewer();
    const reviews = rememberReviews(api, () => 0);
    await Promise.all([reviews.reviewToken("good"), reviews.reviewToken("good")]);
    assert.equal(api.asked.tokens, 1);
  });

  test("refuse to ask when too much is open already", async () => {
    const never = Promise.withResolvers<undefined>();
    const reviews = rememberReviews({ ...reviewer(), reviewToken: () => never.promise }, () => 0);
    for (let index = 0; index < 16; index++) void reviews.reviewToken(`token ${index}`);
    await assert.rejects(reviews.reviewToken("one more"), { name: "DebugError", reason: "TooManyReviews" });
  });

  test("forget a question that had no answer", async () => {
    let fails = true;
    const api = reviewer();
    const flaky = async (token: string) => (fails ? Promise.reject(new Error("away")) : api.reviewToken(token));
    const reviews = rememberReviews({ ...api, reviewToken: flaky }, () => 0);
    await assert.rejects(reviews.reviewToken("good"), /away/);
    fails = false;
    assert.deepEqual(await reviews.reviewToken("good"), web);
  });
});
