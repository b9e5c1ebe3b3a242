import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { grantLifetime } from "./lifetime.ts";

const daySeconds = 24 * 60 * 60;

describe("a lifetime of", () => {
  const granted: Record<string, { requested: bigint; seconds: number }> = {
    "nothing is the default": { requested: 0n, seconds: daySeconds },
    "less than nothing is the default": { requested: -1n, seconds: daySeconds },
    "an hour is an hour": { requested: 3600n, seconds: 3600 },
    "the maximum is the maximum": { requested: BigInt(daySeconds), seconds: daySeconds },
  };
  for (const [name, { requested, seconds }] of Object.entries(granted)) {
    test(name, () => assert.deepEqual(grantLifetime(requested, daySeconds), { kind: "granted", seconds }));
  }
});

test("a lifetime of a hundred years is refused, with the field and the most there is", () => {
  const decision = grantLifetime(3_155_760_000n, daySeconds);
  assert.ok(decision.kind === "refused");
  assert.equal(decision.reason, "LifetimeTooLong");
  assert.match(decision.message, /validity_duration is 3155760000 s: ask for at most 86400 s/);
});
