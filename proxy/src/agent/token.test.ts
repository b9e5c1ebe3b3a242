import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readToken } from "./token.ts";

const token = { token: "a.b.c", expirationTimestamp: "2030-01-01T00:10:00Z" };

test("the token for our audience is taken, whatever others there are", () => {
  assert.deepEqual(readToken(JSON.stringify({ "": { ...token, token: "other" }, "meshwright-ca": token })), {
    token: "a.b.c",
    expiresAt: new Date("2030-01-01T00:10:00Z"),
  });
});

describe("there is no token in", () => {
  const cases: Record<string, string> = {
    nothing: "",
    "text that is not JSON": "{",
    "tokens for other audiences": JSON.stringify({ vault: token }),
    "an empty token": JSON.stringify({ "meshwright-ca": { ...token, token: "" } }),
    "a token without an end": JSON.stringify({ "meshwright-ca": { token: "a.b.c" } }),
    "a list": "[]",
  };
  for (const [name, json] of Object.entries(cases)) test(name, () => assert.equal(readToken(json), undefined));
});
