import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBearerToken } from "./bearer-token.ts";

test("the scheme is read in any case", () => {
  for (const value of ["Bearer a.b-c_d", "bearer a.b-c_d"])
    assert.deepEqual(readBearerToken([value]), { kind: "token", token: "a.b-c_d" });
});

describe("a call is refused, with the field and the fix, when its authorization", () => {
  const cases: Record<string, { values: readonly (string | Buffer)[]; words: RegExp }> = {
    "is missing": { values: [], words: /"authorization" is missing: send "Bearer <token>"/ },
    "came twice": { values: ["Bearer a", "Bearer b"], words: /came 2 times/ },
    "is of another scheme": { values: ["Basic YTpi"], words: /is malformed/ },
    "holds no token": { values: ["Bearer "], words: /is malformed/ },
    "is binary": { values: [Buffer.from("Bearer a")], words: /is malformed/ },
  };
  for (const [name, { values, words }] of Object.entries(cases)) {
    test(name, () => {
      const decision = readBearerToken(values);
      assert.ok(decision.kind === "refused");
      assert.equal(decision.reason, "TokenMissing");
      assert.match(decision.message, words);
    });
  }
});
