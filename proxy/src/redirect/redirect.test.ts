import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { CaptureAttribute } from "@meshwright/contract/capture-attribute";
import { goldenCases } from "@meshwright/testing/golden";
import { parse } from "yaml";
import { readCapture, readCidr } from "./capture.ts";
import { renderRuleset } from "./render.ts";
import { redirectRules } from "./ruleset.ts";

const nameservers = ["198.19.0.10", "2001:db8::10"];

goldenCases(join(import.meta.dirname, "testdata"), (input) => ({
  "redirect.nft": renderRuleset(redirectRules(readCapture(parse(input) as CaptureAttribute, nameservers))),
}));

describe("a range of addresses", () => {
  const cases: Record<string, ReturnType<typeof readCidr>> = {
    "198.18.0.0/15": { family: "ip", text: "198.18.0.0/15" },
    "198.18.0.1": { family: "ip", text: "198.18.0.1/32" },
    "fd00::/8": { family: "ip6", text: "fd00::/8" },
    "::1": { family: "ip6", text: "::1/128" },
    "198.18.0.0/33": undefined,
    "198.18.0.0/15/8": undefined,
    "198.18.0.0/": undefined,
    "fe80::1%lo": undefined,
    "web; flush ruleset": undefined,
    "": undefined,
  };
  for (const [text, cidr] of Object.entries(cases))
    test(`"${text}" is ${cidr?.text ?? "none"}`, () => assert.deepEqual(readCidr(text), cidr));
});
